import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs-core";
import { probeTensorflow, startEngine } from "../../lib/engine";

const name = probeTensorflow().addon === "none" ? "wasm" : "tensorflow";
before(() => startEngine(name));

/** Numbers without a pattern that a wrong order or a transposed side would keep. */
const numbers = (count: number, from = 0) => Array.from({ length: count }, (_, i) => Math.sin(1 + from + i * i));
const close = (got: ArrayLike<number>, want: readonly number[]) =>
  want.forEach((value, i) => assert.ok(Math.abs(got[i] - value) < 1e-5, `${i}: ${got[i]} for ${value}`));

test("products of matrices, either side transposed or not, are those of plain loops", () => {
  for (const [rows, inner, columns] of [
    [1, 1, 1],
    [1, 7, 300],
    [5, 3, 2],
    [17, 33, 9],
  ]) {
    const [a, b] = [numbers(rows * inner), numbers(inner * columns, 9)];
    const want = Array.from({ length: rows * columns }, (_, at) => {
      const [row, column] = [Math.floor(at / columns), at % columns];
      return Array.from({ length: inner }, (__, i) => a[row * inner + i] * b[i * columns + column]).reduce(
        (sum, value) => sum + value,
      );
    });
    const before = tf.memory().numTensors;
    tf.tidy(() => {
      const [left, right] = [tf.tensor2d(a, [rows, inner]), tf.tensor2d(b, [inner, columns])];
      close(tf.matMul(left, right).dataSync(), want);
      close(tf.matMul(tf.transpose(left), right, true).dataSync(), want);
      close(tf.matMul(left, tf.transpose(right), false, true).dataSync(), want);
      const [slope] = tf.grads((x: tf.Tensor) => tf.sum(tf.matMul(x as tf.Tensor2D, right)))([left]);
      const sums = Array.from({ length: inner }, (_, i) =>
        b.slice(i * columns, (i + 1) * columns).reduce((sum, value) => sum + value),
      );
      close(slope.dataSync(), Array.from({ length: rows }, () => sums).flat());
    });
    assert.equal(tf.memory().numTensors, before);
  }
});

test("softmax and normalisation with given statistics are those of the formula", () => {
  const [x, mean, variance] = [numbers(24), numbers(3, 1), numbers(3, 2).map((value) => value * value + 0.1)];
  const [offset, scale] = [numbers(3, 3), numbers(3, 4)];
  const before = tf.memory().numTensors;
  tf.tidy(() => {
    const rows = Array.from({ length: 8 }, (_, row) => x.slice(3 * row, 3 * row + 3));
    const shares = rows.flatMap((row) => {
      const sum = row.reduce((total, value) => total + Math.exp(value), 0);
      return row.map((value) => Math.exp(value) / sum);
    });
    close(tf.softmax(tf.tensor2d(x, [8, 3])).dataSync(), shares);
    const normalised = x.map((value, i) => (value - mean[i % 3]) / Math.sqrt(variance[i % 3] + 1e-5));
    const images = tf.tensor4d(x, [2, 2, 2, 3]);
    const given = [tf.tensor1d(mean), tf.tensor1d(variance)] as const;
    close(tf.batchNorm(images, ...given, undefined, undefined, 1e-5).dataSync(), normalised);
    close(
      tf.batchNorm(images, ...given, tf.tensor1d(offset), tf.tensor1d(scale), 1e-5).dataSync(),
      normalised.map((value, i) => value * scale[i % 3] + offset[i % 3]),
    );
  });
  assert.equal(tf.memory().numTensors, before);
});
