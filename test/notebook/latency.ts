import { startKernelClient, type KernelClient } from "../../lib/notebook/runner/kernel-client";
import { runCell } from "./cells";

/** What a researcher waits for, in milliseconds. */
export interface Latency {
  readonly ready: number;
  /** Median of trivial cells, in a fresh kernel and after each of the imports. */
  readonly bare: number;
  readonly library: number;
  readonly tensors: number;
}

export const limits: Latency = { ready: 4000, bare: 150, library: 150, tensors: 150 };

/** @param folder where cells find the library at `library` */
export async function measureLatency(folder: string, library: string, cells = 9): Promise<Latency> {
  const started = performance.now();
  const kernel = await startKernelClient(folder);
  try {
    const ready = performance.now() - started;
    const bare = await medianCell(kernel, cells);
    await runCell(kernel, `import { show, table, figure } from "${library}"`);
    const withLibrary = await medianCell(kernel, cells);
    await runCell(kernel, 'import * as tf from "@tensorflow/tfjs"');
    return { ready, bare, library: withLibrary, tensors: await medianCell(kernel, cells) };
  } finally {
    await kernel.close();
  }
}

async function medianCell(kernel: KernelClient, cells: number): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < cells; i++) {
    const started = performance.now();
    await runCell(kernel, `${i} + 1`);
    times.push(performance.now() - started);
  }
  return times.sort((a, b) => a - b)[Math.floor(cells / 2)];
}
