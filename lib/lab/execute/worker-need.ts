import { quote, WorkbenchError } from "../../core/errors";
import type { EngineName } from "../../engine";
import type { Profile } from "../../records/config";
import { machineLimits, type MachineLimits } from "./machine-limits";

/**
 * Memory of a worker in megabytes: at rest, and for each megabyte of one set of maps of a batch at full size (side x side x features),
 * first steeply, then less. Measured as peaks of training and adaptation at 32x32/2, 64x64/8 and 128x128/16 (TensorFlow 495, 556, 797 MB;
 * WebAssembly 215, 449, 522 MB, the last of training alone) and TensorFlow at 384x384/32 (2.65 GB). The others were not measured.
 */
const measured: Readonly<Record<EngineName, { rest: number; steep: number; from: number; slope: number }>> = {
  tensorflow: { rest: 500, steep: 60, from: 250, slope: 23 },
  webgpu: { rest: 500, steep: 60, from: 250, slope: 23 },
  wasm: { rest: 220, steep: 370, from: 250, slope: 64 },
  cpu: { rest: 220, steep: 370, from: 250, slope: 64 },
};

/** What is left to the command itself and to whatever else runs. */
const share = 0.9;

/** @returns megabytes that a worker needs at most */
export function workerNeed(engine: EngineName, { data, net, training, adaptation }: Profile): number {
  const maps = (net.features * data.side ** 2 * Math.max(training.batch, adaptation.batch) * 4) / 2 ** 20;
  const { rest, steep, from, slope } = measured[engine];
  return Math.ceil(rest + Math.min(steep * maps, from + slope * maps));
}

/**
 * @returns as many workers as IOPFL_WORKERS says, as on a machine that one shares; else as cores and memory allow, at least one: a worker that
 *   does not fit is told as that when it is killed
 * @throws WorkbenchError when the variable is no number of workers
 */
export function defaultWorkers(
  engine: EngineName,
  profile: Profile,
  limits: MachineLimits = machineLimits(),
  { IOPFL_WORKERS: asked = "" }: NodeJS.ProcessEnv = process.env,
): number {
  if (asked !== "" && !/^[1-9]\d{0,3}$/.test(asked))
    throw new WorkbenchError(`IOPFL_WORKERS is ${quote(asked)}`, "give a number of workers, or leave it out");
  if (asked !== "") return Number(asked);
  return Math.max(1, Math.min(limits.cores, workersThatFit(workerNeed(engine, profile), limits)));
}

/** @returns how many workers of so many megabytes fit into what there is, which may be none */
export function workersThatFit(need: number, { memoryMegabytes, freeMegabytes = Infinity }: MachineLimits): number {
  return Math.floor((share * Math.min(memoryMegabytes, freeMegabytes)) / need);
}

/**
 * Address space (`ulimit -v`) in megabytes without which an engine does not start, measured on Node.js 20: WebAssembly reserves 10 GB for
 * each memory, whatever it uses of them; TensorFlow maps its library.
 */
const addresses: Readonly<Record<EngineName, number>> = { tensorflow: 1900, webgpu: 1900, wasm: 12_000, cpu: 1150 };

/** @returns what to say of a limit on address space in which an engine cannot start; nothing where there is none */
export function tooFewAddresses(
  engine: EngineName,
  { addressMegabytes = Infinity }: MachineLimits = machineLimits(),
): WorkbenchError | undefined {
  const least = addresses[engine];
  if (addressMegabytes >= least) return undefined;
  return new WorkbenchError(
    `address space is limited to ${addressMegabytes} MB (ulimit -v), and the ${engine} engine needs ${least}`,
    `ulimit -v unlimited${engine === "wasm" ? ", or the engine tensorflow, which needs less" : ""}`,
  );
}
