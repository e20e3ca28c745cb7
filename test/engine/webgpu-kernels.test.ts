import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import * as tf from "@tensorflow/tfjs-core";
import type { WorkbenchError } from "../../lib/core/errors";
import { startEngine } from "../../lib/engine";

/**
 * Our kernels for WebGPU against the plain loops of the cpu back end. Needs `npm run setup -- --webgpu` and a Vulkan driver; a software
 * one will do with IOPFL_WEBGPU_SOFTWARE=1.
 */
let absent: string | undefined;

before(async () => {
  await startEngine("cpu");
  await startEngine("webgpu").catch((error: WorkbenchError) => (absent = error.problem));
});

after(() => {
  if (!absent) tf.removeBackend("webgpu");
});

type Shape4D = [number, number, number, number];

const waves = (length: number, step: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => Math.sin(i * step + 0.3));

/** Runs the same on both engines; no tensor may be left over. */
async function onBoth(compute: () => tf.Tensor[]): Promise<Float32Array[][]> {
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

function assertClose([expected, actual]: Float32Array[][], tolerance: number): void {
  for (const [index, each] of expected.entries()) {
    const largest = each.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
    const worst = each.reduce((most, value, i) => Math.max(most, Math.abs(value - actual[index][i])), 0);
    assert.ok(worst <= tolerance * largest, `result ${index} is off by ${worst}, of ${largest}`);
  }
}

const convolutions: readonly [input: Shape4D, outputs: number, side: number, stride: number, pad: "same" | "valid"][] =
  [
    [[2, 5, 7, 3], 4, 3, 1, "same"],
    [[1, 40, 37, 5], 33, 3, 1, "same"],
    [[3, 8, 8, 16], 2, 1, 1, "same"],
    [[2, 8, 12, 6], 5, 2, 2, "valid"],
    [[2, 9, 11, 3], 5, 3, 2, "same"],
    [[1, 6, 6, 40], 70, 3, 1, "valid"],
  ];

for (const [shape, outputs, side, stride, pad] of convolutions) {
  test(`webgpu: both gradients of a convolution, ${shape.join("x")} by ${side}x${side}x${outputs}, stride ${stride}, ${pad}`, async (context) => {
    if (absent) return context.skip(absent);
    const filterShape: Shape4D = [side, side, shape[3], outputs];
    const both = await onBoth(() => {
      const x = tf.tensor4d(waves(tf.util.sizeFromShape(shape), 1.7), shape);
      const filter = tf.tensor4d(waves(tf.util.sizeFromShape(filterShape), 0.9), filterShape);
      const convolve = (input: tf.Tensor, kernel: tf.Tensor) =>
        tf.conv2d(input as tf.Tensor4D, kernel as tf.Tensor4D, stride, pad);
      const y = convolve(x, filter);
      return tf.grads(convolve)([x, filter], tf.tensor(waves(y.size, 0.37), y.shape));
    });
    assertClose(both, 2e-6);
  });
}

test("webgpu: sums and means over pixels, for enough pixels and for too few", async (context) => {
  if (absent) return context.skip(absent);
  for (const shape of [
    [2, 40, 33, 5],
    [1, 64, 64, 70],
    [3, 50, 50, 1],
    [1, 4, 4, 3],
  ] as Shape4D[]) {
    const both = await onBoth(() => {
      const x = tf.add(tf.tensor4d(waves(tf.util.sizeFromShape(shape), 1.3), shape), 0.5);
      return [tf.sum(x, [0, 1, 2]), tf.mean(x, [0, 1, 2])];
    });
    assertClose(both, 1e-6);
  }
});

test("webgpu: a product of more columns than a card takes at once", async (context) => {
  if (absent) return context.skip(absent);
  await tf.setBackend("webgpu");
  const width = 2_100_000;
  const product = tf.tidy(() =>
    tf.matMul(
      tf.tensor2d([
        [1, 2],
        [3, 4],
      ]),
      tf.tensor2d(waves(2 * width, 0.001), [2, width]),
    ),
  );
  const values = await product.data();
  product.dispose();
  const source = waves(2 * width, 0.001);
  for (const column of [0, 1_048_559, 1_048_560, width - 1]) {
    for (const [row, [first, second]] of [
      [1, 2],
      [3, 4],
    ].entries()) {
      const expected = first * source[column] + second * source[width + column];
      assert.ok(Math.abs(values[row * width + column] - expected) < 1e-5, `row ${row}, column ${column}`);
    }
  }
});
