import * as tf from "@tensorflow/tfjs-core";
import { test } from "node:test";
import { assertClose, leavingNoTensors, onEveryEngine, pattern } from "./engines";

/** A convolution with padding, bias and perhaps ReLU, written out. */
function byHand(x: tf.Tensor4D, filter: tf.Tensor4D, bias: tf.Tensor1D | undefined, relu: boolean): number[] {
  const [values, weights, offsets] = [x.arraySync(), filter.arraySync(), bias?.arraySync()];
  const [reach, outputs] = [(filter.shape[0] - 1) / 2, filter.shape[3]];
  const at = (image: number, row: number, column: number, output: number): number => {
    let sum = offsets?.[output] ?? 0;
    weights.forEach((line, i) =>
      line.forEach((cell, j) =>
        cell.forEach(
          (perOutput, channel) =>
            (sum += perOutput[output] * (values[image][row + i - reach]?.[column + j - reach]?.[channel] ?? 0)),
        ),
      ),
    );
    return relu ? Math.max(0, sum) : sum;
  };
  return values.flatMap((image, n) =>
    image.flatMap((row, y) =>
      row.flatMap((_, column) => Array.from({ length: outputs }, (_, output) => at(n, y, column, output))),
    ),
  );
}

/** On TensorFlow the last four are operations of our own: by rows, by tiles, and of single pixels. */
const shapes = [
  [3, 3, 8, 5, 4],
  [3, 5, 3, 5, 9],
  [3, 5, 24, 5, 11],
  [3, 16, 16, 16, 16],
  [1, 4, 2, 5, 4],
  [1, 9, 17, 3, 5],
] as const;

onEveryEngine("a convolution with its bias and activation", ["tensorflow", "wasm", "cpu"], () => {
  for (const [size, inputs, outputs, rows, columns] of shapes) {
    for (const relu of [false, true]) {
      for (const biased of [false, true]) {
        test(`${size}x${size}, ${inputs} to ${outputs} channels, ${rows}x${columns}, ${relu ? "with" : "without"} ReLU, ${biased ? "with" : "without"} bias`, () => {
          leavingNoTensors(() =>
            tf.tidy(() => {
              const x = tf.tensor4d(pattern(2 * rows * columns * inputs, 1), [2, rows, columns, inputs]);
              const filter = tf.tensor4d(pattern(size * size * inputs * outputs, 2), [size, size, inputs, outputs]);
              const bias = biased ? tf.tensor1d(pattern(outputs, 3)) : undefined;
              const got = tf.fused.conv2d({
                x,
                filter,
                bias,
                strides: 1,
                pad: "same",
                activation: relu ? "relu" : "linear",
              });
              assertClose(got.dataSync(), byHand(x, filter, bias, relu), 2e-6);
            }),
          );
        });
      }
    }
  }
});
