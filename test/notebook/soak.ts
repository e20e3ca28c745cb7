import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startKernelClient } from "../../lib/notebook/runner/kernel-client";
import { createBench } from "../lab/small-experiment";
import { runCell } from "./cells";
import { temporaryFolder } from "./make-notebook";
import { childrenOf, megabytesOf } from "./processes";

/** Memory of the kernel and of its workers together, in megabytes. */
export interface Sample {
  readonly seconds: number;
  readonly kernel: number;
  readonly workers: number;
}

/** Trains in a notebook, with the live figure, until `seconds` have passed; then presses stop. @returns a sample for each second */
export async function soak(seconds: number, onSample: (sample: Sample) => void = () => undefined): Promise<Sample[]> {
  const bench = createBench();
  const folder = temporaryFolder();
  const small = readFileSync(join(bench.configs, "profiles", "small.yaml"), "utf8");
  writeFileSync(join(bench.configs, "profiles", "endless.yaml"), small.replace("id: small", "id: endless").replace("rounds: 3", "rounds: 1000000"));
  const environment = { IOPFL_CONFIGS: bench.configs, IOPFL_RESULTS: bench.results, IOPFL_WORK: join(bench.configs, "..", "work") };
  const kernel = await startKernelClient(folder.path, environment);
  const samples: Sample[] = [];
  try {
    const pid = Number((await runCell(kernel, "process.pid")).result);
    const started = performance.now();
    const timer = setInterval(() => {
      const passed = (performance.now() - started) / 1000;
      const workers = childrenOf(pid).map(megabytesOf);
      samples.push({ seconds: passed, kernel: megabytesOf(pid), workers: workers.reduce((sum, size) => sum + size, 0) });
      onSample(samples[samples.length - 1]);
      if (passed > seconds) kernel.interrupt();
    }, 1000);
    const cell = 'import { experiment } from "../../../lib/notebook";\nawait experiment("inside", { profile: "endless", engine: "wasm", workers: 1 });';
    const { reply, traceback } = await runCell(kernel, cell);
    clearInterval(timer);
    if (reply.ename !== "Interrupted") throw new Error(`the training ended by itself: ${traceback}`);
    return samples;
  } finally {
    await kernel.close();
    folder.remove();
    bench.remove();
  }
}

/** Growth of memory from the middle third to the last one, in megabytes for the kernel and for the workers. */
export function growth(samples: readonly Sample[]): { readonly kernel: number; readonly workers: number } {
  const third = Math.floor(samples.length / 3);
  const change = (key: "kernel" | "workers") => {
    const sizes = samples.slice(0, -1).map((sample) => sample[key]);
    return median(sizes.slice(2 * third)) - median(sizes.slice(third, 2 * third));
  };
  return { kernel: change("kernel"), workers: change("workers") };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}
