import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startKernelClient } from "../../lib/notebook/runner/kernel-client";
import { createBench } from "../lab/support/small-experiment";
import { runCell } from "./cells";
import { temporaryFolder } from "./make-notebook";
import { childrenOf, megabytesOf } from "./processes";

/** Memory of the kernel and of its workers together, in megabytes, once `rounds` rounds are finished. */
export interface Sample {
  readonly seconds: number;
  readonly rounds: number;
  readonly kernel: number;
  readonly workers: number;
}

interface SoakOptions {
  readonly onSample?: (sample: Sample) => void;
  /**
   * Megabytes of the worker's JavaScript heap. Without a limit V8 lets it grow for some hundred rounds before it collects in earnest, which
   * nobody can tell from a leak; under a limit garbage is gone soon, and what leaks raises the floor or ends the worker.
   */
  readonly workerHeap?: number;
}

/** Trains in a notebook, with the live figure, until `enough`; then presses stop. @returns a sample for each second in which it trained */
export async function soak(
  enough: (sample: Sample) => boolean,
  { onSample, workerHeap }: SoakOptions = {},
): Promise<Sample[]> {
  const bench = createBench();
  const folder = temporaryFolder();
  const small = readFileSync(join(bench.configs, "profiles", "small.yaml"), "utf8");
  const endless = small.replace("id: small", "id: endless").replace("rounds: 3", "rounds: 1000000");
  writeFileSync(join(bench.configs, "profiles", "endless.yaml"), endless);
  const environment = {
    IOPFL_CONFIGS: bench.configs,
    IOPFL_RESULTS: bench.results,
    IOPFL_WORK: join(bench.configs, "..", "work"),
  };
  const kernel = await startKernelClient(folder.path, environment);
  const samples: Sample[] = [];
  try {
    const pid = Number((await runCell(kernel, "process.pid")).result);
    if (workerHeap) await runCell(kernel, `process.env.NODE_OPTIONS = "--max-old-space-size=${workerHeap}";`);
    const started = performance.now();
    let rounds = 0;
    const timer = setInterval(() => {
      // Before the first round the worker is still starting: compiling, loading the engine, reading the data.
      if (rounds === 0) return;
      const workers = childrenOf(pid)
        .map(megabytesOf)
        .reduce((sum, size) => sum + size, 0);
      const sample = { seconds: (performance.now() - started) / 1000, rounds, kernel: megabytesOf(pid), workers };
      samples.push(sample);
      onSample?.(sample);
      if (enough(sample)) kernel.interrupt();
    }, 1000);
    const cell = `import { experiment } from "../../../lib/notebook";
await experiment("inside", { profile: "endless", engine: "wasm", workers: 1 });`;
    const { reply, traceback } = await runCell(kernel, cell, ({ content }) => {
      const text = (content.data as Record<string, string> | undefined)?.["text/plain"] ?? "";
      rounds = Number(/, (\d+) of \d+ rounds/.exec(text)?.[1] ?? rounds);
    }).finally(() => clearInterval(timer));
    if (reply.ename !== "Interrupted") throw new Error(`the training ended by itself: ${traceback}`);
    return samples;
  } finally {
    await kernel.close();
    folder.remove();
    bench.remove();
  }
}

/**
 * Growth of memory from the second quarter of the rounds to the last, in megabytes for the kernel and for the workers. The least of each
 * quarter is compared: V8 lets garbage come and go by a hundred megabytes, and only a leak raises the floor.
 */
export function growth(samples: readonly Sample[]): {
  readonly rounds: number;
  readonly kernel: number;
  readonly workers: number;
} {
  const rounds = samples[samples.length - 1].rounds;
  const floor = (quarter: number, key: "kernel" | "workers") => {
    const within = (done: number) => done > ((quarter - 1) * rounds) / 4 && done <= (quarter * rounds) / 4;
    return Math.min(...samples.filter((sample) => within(sample.rounds)).map((sample) => sample[key]));
  };
  const change = (key: "kernel" | "workers") => floor(4, key) - floor(2, key);
  return { rounds, kernel: change("kernel"), workers: change("workers") };
}
