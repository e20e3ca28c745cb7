import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import * as tf from "@tensorflow/tfjs-core";
import { absentCard, assertClose, onBoth, removeCard, startCard, waves, type Shape4D } from "./card";

/** Our convolutions and sums for WebGPU against the plain loops of the cpu back end. */
before(startCard);
after(removeCard);

const convolutions: readonly [input: Shape4D, outputs: number, side: number, stride: number, pad: "same" | "valid"][] =
  [
    [[2, 5, 7, 3], 4, 3, 1, "same"],
    [[1, 40, 37, 5], 33, 3, 1, "same"],
    [[3, 8, 8, 16], 2, 1, 1, "same"],
    [[2, 8, 12, 6], 5, 2, 2, "valid"],
    [[2, 9, 11, 3], 5, 3, 2, "same"],
    [[1, 6, 6, 40], 70, 3, 1, "valid"],
    // Blocks of 8 x 16 pixels and 32 channels, exactly and with rests; eight channels at a time, and four left over.
    [[1, 8, 16, 8], 32, 3, 1, "same"],
    [[2, 9, 19, 12], 36, 3, 1, "same"],
  ];

for (const [shape, outputs, side, stride, pad] of convolutions) {
  test(`webgpu: a convolution and both its gradients, ${shape.join("x")} by ${side}x${side}x${outputs}, stride ${stride}, ${pad}`, async (context) => {
    if (absentCard()) return context.skip(absentCard());
    const filterShape: Shape4D = [side, side, shape[3], outputs];
    const both = await onBoth(() => {
      const x = tf.tensor4d(waves(tf.util.sizeFromShape(shape), 1.7), shape);
      const filter = tf.tensor4d(waves(tf.util.sizeFromShape(filterShape), 0.9), filterShape);
      const convolve = (input: tf.Tensor, kernel: tf.Tensor) =>
        tf.conv2d(input as tf.Tensor4D, kernel as tf.Tensor4D, stride, pad);
      const y = convolve(x, filter);
      return [y, ...tf.grads(convolve)([x, filter], tf.tensor(waves(y.size, 0.37), y.shape))];
    });
    // Waves cancel over 324 terms, whose sums on the way are eight times the largest result.
    assertClose(both, 1e-5);
  });
}

test("webgpu: sums and means over pixels, for enough pixels and for too few", async (context) => {
  if (absentCard()) return context.skip(absentCard());
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
  if (absentCard()) return context.skip(absentCard());
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
