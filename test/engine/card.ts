import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs-core";
import type { WorkbenchError } from "../../lib/core/errors";
import { startEngine } from "../../lib/engine";

/**
 * Tests on a graphics card need `npm run setup -- --webgpu` and a Vulkan driver; a software one will do with IOPFL_WEBGPU_SOFTWARE=1. Where
 * there is none, they say so and are skipped.
 */
let absent: string | undefined;

export async function startCard(): Promise<void> {
  await startEngine("cpu");
  await startEngine("webgpu").catch((error: WorkbenchError) => (absent = error.problem));
}

/** Why there is no card, if there is none. */
export const absentCard = (): string | undefined => absent;

export function removeCard(): void {
  if (!absent) tf.removeBackend("webgpu");
}

export type Shape4D = [number, number, number, number];

export const waves = (length: number, step: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => Math.sin(i * step + 0.3));

/** Runs the same on the cpu back end and on the card; no tensor may be left over. */
export async function onBoth(compute: () => tf.Tensor[]): Promise<Float32Array[][]> {
  const results: Float32Array[][] = [];
  for (const name of ["cpu", "webgpu"]) {
    await tf.setBackend(name);
    const { numTensors } = tf.memory();
    const tensors = tf.tidy(compute);
    results.push(await Promise.all(tensors.map(async (each) => (await each.data()) as Float32Array)));
    tf.dispose(tensors);
    assert.equal(tf.memory().numTensors, numTensors);
  }
  return results;
}

/** Within a tolerance times the largest expected magnitude, of 1 at least. */
export function assertClose([expected, actual]: Float32Array[][], tolerance: number): void {
  for (const [index, each] of expected.entries()) {
    const largest = each.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
    const worst = each.reduce((most, value, i) => Math.max(most, Math.abs(value - actual[index][i])), 0);
    assert.ok(worst <= tolerance * largest, `result ${index} is off by ${worst}, of ${largest}`);
  }
}
