import * as tf from "@tensorflow/tfjs-core";
import { test } from "node:test";
import { assertClose, leavingNoTensors, onEveryEngine, pattern } from "./engines";

type Shape = readonly [batch: number, rows: number, columns: number, inputs: number, outputs: number];

/** y, and the gradients of sum(weights * y) in x and the filter, of a 3x3 convolution with one row of zeros around, in float64. */
function byHand(
  [batch, rows, columns, inputs, outputs]: Shape,
  x: Float32Array,
  filter: Float32Array,
  weights: Float32Array,
) {
  const y = new Float64Array(batch * rows * columns * outputs);
  const [dx, dFilter] = [new Float64Array(x.length), new Float64Array(filter.length)];
  for (let pixel = 0; pixel < batch * rows * columns; pixel++) {
    const [image, row, column] = [
      Math.floor(pixel / columns / rows),
      Math.floor(pixel / columns) % rows,
      pixel % columns,
    ];
    for (let tap = 0; tap < 9; tap++) {
      const [i, j] = [row + Math.floor(tap / 3) - 1, column + (tap % 3) - 1];
      if (i < 0 || i >= rows || j < 0 || j >= columns) continue;
      const from = ((image * rows + i) * columns + j) * inputs;
      for (let input = 0; input < inputs; input++) {
        const cell = (tap * inputs + input) * outputs;
        for (let output = 0; output < outputs; output++) {
          const upstream = weights[pixel * outputs + output];
          y[pixel * outputs + output] += x[from + input] * filter[cell + output];
          dx[from + input] += upstream * filter[cell + output];
          dFilter[cell + output] += upstream * x[from + input];
        }
      }
    }
  }
  return [y, dx, dFilter];
}

/** These go by tiles on TensorFlow: whole tiles, tiles over the edge, channels that leave half a register, large kernels for few tiles and for many. */
const tiled: readonly Shape[] = [
  [2, 16, 16, 16, 16],
  [3, 18, 20, 24, 40],
  [2, 17, 15, 16, 16],
  [2, 4, 64, 64, 16],
  [1, 44, 40, 8, 8],
  [4, 4, 4, 16, 16],
  [1, 6, 6, 136, 72],
  [2, 24, 28, 72, 72],
  [3, 3, 11, 32, 8],
];

/**
 * These just miss that: an odd number of channels, three tiles, tiles of which more than half is outside. They go by rows, the narrow ones only for
 * the gradient in the filter, or by neither: a number of channels that eight does not divide, one image.
 */
const others: readonly Shape[] = [
  [2, 16, 16, 16, 20],
  [2, 16, 16, 12, 16],
  [3, 4, 4, 16, 16],
  [2, 5, 5, 16, 16],
  [3, 9, 8, 3, 8],
  [2, 3, 32, 3, 8],
  [2, 1, 17, 5, 24],
  [2, 2, 130, 6, 40],
  [3, 4, 4, 12, 16],
  [2, 2, 1, 8, 8],
  [2, 16, 7, 5, 8],
  [2, 16, 16, 12, 4],
  [1, 16, 16, 12, 16],
  [1, 9, 16, 3, 8],
];

onEveryEngine("3x3 convolutions", ["tensorflow", "wasm"], () => {
  for (const shape of [...tiled, ...others]) {
    const [batch, rows, columns, inputs, outputs] = shape;
    test(`${inputs} to ${outputs} channels, ${batch}x${rows}x${columns}: values and gradients`, () => {
      leavingNoTensors(() =>
        tf.tidy(() => {
          const [x, filter, weights] = [
            batch * rows * columns * inputs,
            9 * inputs * outputs,
            batch * rows * columns * outputs,
          ].map((count, seed) => pattern(count, seed + 1));
          const given = [tf.tensor(x, [batch, rows, columns, inputs]), tf.tensor(filter, [3, 3, inputs, outputs])];
          const upstream = tf.tensor(weights, [batch, rows, columns, outputs]);
          const convolve = (images: tf.Tensor, kernel: tf.Tensor) =>
            tf.conv2d(images as tf.Tensor4D, kernel as tf.Tensor4D, 1, "same");
          const got = [
            convolve(given[0], given[1]),
            ...tf.grads((images: tf.Tensor, kernel: tf.Tensor) => tf.sum(tf.mul(convolve(images, kernel), upstream)))(
              given,
            ),
          ];
          byHand(shape, x, filter, weights).forEach((want, index) =>
            assertClose(got[index].dataSync(), want, 3e-6, ["y", "gradient in x", "gradient in the filter"][index]),
          );
        }),
      );
    });
  }

  test("strides, no padding and dilations are as before", () => {
    leavingNoTensors(() =>
      tf.tidy(() => {
        const x = tf.tensor4d(pattern(2 * 16 * 16 * 16, 1), [2, 16, 16, 16]);
        const filter = tf.tensor4d(pattern(9 * 16 * 16, 2), [3, 3, 16, 16]);
        const whole = tf.conv2d(x, filter, 1, "same");
        assertClose(
          tf.conv2d(x, filter, 1, "valid").dataSync(),
          tf.slice(whole, [0, 1, 1, 0], [2, 14, 14, 16]).dataSync(),
          3e-6,
          "valid",
        );
        assertClose(
          tf.conv2d(x, filter, 2, "valid").dataSync(),
          tf.stridedSlice(whole, [0, 1, 1, 0], [2, 15, 15, 16], [1, 2, 2, 1]).dataSync(),
          3e-6,
          "stride 2",
        );
        // A dilated filter is one with zeros between its rows and columns.
        const rows = tf.slice(tf.reshape(tf.stack([filter, tf.zerosLike(filter)], 1), [6, 3, 16, 16]), 0, 5);
        const spread = tf.slice4d(
          tf.reshape(tf.stack([rows, tf.zerosLike(rows)], 2), [5, 6, 16, 16]),
          [0, 0, 0, 0],
          [5, 5, 16, 16],
        );
        assertClose(
          tf.conv2d(x, filter, 1, "same", "NHWC", 2).dataSync(),
          tf.conv2d(x, spread, 1, "same").dataSync(),
          3e-6,
          "dilation 2",
        );
      }),
    );
  });
});
