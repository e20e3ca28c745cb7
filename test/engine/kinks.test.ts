import * as tf from "@tensorflow/tfjs-core";
import assert from "node:assert";
import { test } from "node:test";
import { assertClose, assertGradients, onEveryEngine, pattern } from "./engines";

/** A tensor whose values are all different by at least 2 / count, in a scrambled order: no window has a tie. */
function distinct(shape: [number, number, number, number], shift: number): tf.Tensor4D {
  const count = shape.reduce((a, b) => a * b, 1);
  return tf.tensor4d(
    Float32Array.from({ length: count }, (_, i) => ((i * 37) % count) * (2 / count) - 1 + shift),
    shape,
  );
}

onEveryEngine("ReLU and max-pooling", ["tensorflow", "wasm", "cpu"], () => {
  test("relu's gradient equals finite differences", () => {
    tf.tidy(() => assertGradients((x) => tf.relu(x), [distinct([1, 5, 5, 2], 0.013)], 5e-3, 1e-3));
  });

  for (const [label, shift] of [
    ["positive", 1.5],
    ["mixed", 0],
    ["negative", -1.5],
  ] as const) {
    test(`max-pooling's gradient is right for ${label} maxima`, () => {
      tf.tidy(() =>
        assertGradients(
          (x) => tf.maxPool(x as tf.Tensor4D, 2, 2, "valid"),
          [distinct([2, 4, 6, 3], shift)],
          2e-3,
          2e-3,
        ),
      );
      tf.tidy(() =>
        assertGradients((x) => tf.maxPool(x as tf.Tensor4D, 3, 1, "same"), [distinct([1, 5, 4, 2], shift)], 2e-3, 2e-3),
      );
    });
  }

  for (const channels of [1, 8, 19]) {
    test(`max-pooling takes the largest of each window and gives its gradient to the first of equal ones, in ${channels} channels`, () => {
      for (const [rows, columns, window, stride, pad] of [
        [6, 4, [2, 2], 2, "valid"],
        [7, 5, [2, 2], 2, "valid"],
        [6, 1, [5, 1], 1, "same"],
        [5, 4, [3, 3], 2, "same"],
      ] as const) {
        tf.tidy(() => {
          // Few different values: most windows have ties.
          const values = pattern(2 * rows * columns * channels, 7).map((v) => Math.round(2 * v) + 0);
          const x = tf.tensor4d(values, [2, rows, columns, channels]);
          const y = tf.maxPool(x, [...window], stride, pad);
          const [, outRows, outColumns] = y.shape;
          const upstream = pattern(y.size, 8);
          const before = (out: number, length: number, size: number) =>
            pad === "same" ? Math.floor(Math.max(0, (out - 1) * stride + size - length) / 2) : 0;
          const [top, left] = [before(outRows, rows, window[0]), before(outColumns, columns, window[1])];
          const [largest, gradient] = [new Float32Array(y.size).fill(-Infinity), new Float32Array(values.length)];
          for (let at = 0; at < y.size; at++) {
            const [sample, row, column, c] = [
              Math.floor(at / (outRows * outColumns * channels)),
              Math.floor(at / (outColumns * channels)) % outRows,
              Math.floor(at / channels) % outColumns,
              at % channels,
            ];
            let first = -1;
            for (let i = 0; i < window[0]; i++)
              for (let j = 0; j < window[1]; j++) {
                const [r, k] = [row * stride - top + i, column * stride - left + j];
                if (r < 0 || k < 0 || r >= rows || k >= columns) continue;
                const place = ((sample * rows + r) * columns + k) * channels + c;
                if (values[place] > largest[at]) [largest[at], first] = [values[place], place];
              }
            gradient[first] += upstream[at];
          }
          assert.deepStrictEqual(y.dataSync(), largest);
          const got = tf.grad((image: tf.Tensor) =>
            tf.sum(tf.mul(tf.maxPool(image as tf.Tensor4D, [...window], stride, pad), tf.tensor(upstream, y.shape))),
          )(x);
          assertClose(got.dataSync(), gradient, 1e-6, `gradient of ${window} in ${rows}x${columns}`);
        });
      }
    });
  }
});
