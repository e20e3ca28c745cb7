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

/** @returns as many workers as cores and memory allow, at least one */
export function defaultWorkers(
  engine: EngineName,
  profile: Profile,
  { cores, memoryMegabytes }: MachineLimits = machineLimits(),
): number {
  return Math.max(1, Math.min(cores, Math.floor((share * memoryMegabytes) / workerNeed(engine, profile))));
}
