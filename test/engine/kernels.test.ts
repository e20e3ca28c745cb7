import * as tf from "@tensorflow/tfjs-core";
import assert from "node:assert";
import { test } from "node:test";
import { batchNormReluTrain, batchNormTrain, meanOverPixels, type ImageParts } from "../../lib/engine";
import { assertClose, assertGradients, leavingNoTensors, onEveryEngine, pattern } from "./engines";

const tensor = (shape: number[], seed: number, shift = 0): tf.Tensor =>
  tf.tensor(
    pattern(
      shape.reduce((a, b) => a * b, 1),
      seed,
    ).map((v) => v + shift),
    shape,
  );

onEveryEngine("kernels", ["tensorflow", "wasm", "cpu"], () => {
  test("batch normalisation returns the batch's statistics, the variance unbiased", () => {
    leavingNoTensors(() =>
      tf.tidy(() => {
        const values = pattern(2 * 3 * 5 * 4, 3).map((v) => v + 2);
        const { y, mean, variance } = batchNormTrain(
          tf.tensor4d(values, [2, 3, 5, 4]),
          tf.tensor1d([1, 2, 3, 4]),
          tf.tensor1d([0, 1, -1, 0.5]),
          1e-3,
        );
        const channel = (c: number) => Array.from(values.filter((_, i) => i % 4 === c));
        const average = [0, 1, 2, 3].map((c) => channel(c).reduce((a, b) => a + b, 0) / 30);
        const squares = [0, 1, 2, 3].map((c) => channel(c).reduce((sum, v) => sum + (v - average[c]) ** 2, 0));
        assertClose(mean.dataSync(), average, 1e-6, "mean");
        assertClose(
          variance.dataSync(),
          squares.map((sum) => sum / 29),
          1e-6,
          "variance",
        );
        const want = Array.from(
          values,
          (v, i) =>
            ((v - average[i % 4]) / Math.sqrt(squares[i % 4] / 30 + 1e-3)) * [1, 2, 3, 4][i % 4] +
            [0, 1, -1, 0.5][i % 4],
        );
        assertClose(y.dataSync(), want, 1e-6, "y");
      }),
    );
  });

  test("batch normalisation's gradients equal finite differences", () => {
    tf.tidy(() => {
      const inputs = [tensor([2, 3, 2, 3], 1, 0.5), tensor([3], 2, 2), tensor([3], 3)];
      assertGradients(
        (x, scale, offset) => batchNormTrain(x as tf.Tensor4D, scale as tf.Tensor1D, offset as tf.Tensor1D, 1e-5).y,
        inputs,
        1e-2,
        5e-3,
      );
    });
  });

  for (const channels of [3, 8, 19, 88]) {
    test(`batch normalisation with ReLU has the right values and gradients in ${channels} channels`, () => {
      tf.tidy(() => {
        const [x, scale, offset] = [
          tensor([3, 17, 5, channels], 1, 40) as tf.Tensor4D,
          tensor([channels], 2, 2) as tf.Tensor1D,
          tensor([channels], 3) as tf.Tensor1D,
        ];
        const values = Float64Array.from(x.dataSync());
        const own = (c: number) => values.filter((_, i) => i % channels === c);
        const mean = Array.from({ length: channels }, (_, c) => own(c).reduce((a, b) => a + b, 0) / 255);
        const squares = mean.map((centre, c) => own(c).reduce((sum, v) => sum + (v - centre) ** 2, 0));
        const seen = batchNormReluTrain(x, scale, offset, 1e-5);
        assertClose(seen.mean.dataSync(), mean, 1e-6, "mean");
        assertClose(
          seen.variance.dataSync(),
          squares.map((sum) => sum / 254),
          1e-5,
          "variance",
        );
        const [factors, shifts] = [scale.dataSync(), offset.dataSync()];
        const want = Array.from(values, (v, i) => {
          const c = i % channels;
          return Math.max(0, ((v - mean[c]) / Math.sqrt(squares[c] / 255 + 1e-5)) * factors[c] + shifts[c]);
        });
        assertClose(seen.y.dataSync(), want, 3e-5, "y");
        assert.ok(want.some((v) => v === 0) && want.some((v) => v > 1));

        const weights = tensor([3, 17, 5, channels], 4);
        const gradients = (layer: typeof batchNormReluTrain) =>
          tf.grads((...[a, b, c]) =>
            tf.sum(tf.mul(layer(a as tf.Tensor4D, b as tf.Tensor1D, c as tf.Tensor1D, 1e-5).y, weights)),
          )([x, scale, offset]);
        // By the derivatives of tf.moments and of ordinary operations.
        const composed: typeof batchNormReluTrain = (a, b, c, epsilon) => {
          const { mean: centre, variance } = tf.moments(a, [0, 1, 2]);
          const y = tf.relu(
            tf.add(tf.mul(tf.div(tf.sub(a, centre), tf.sqrt(tf.add(variance, epsilon))), b), c),
          ) as tf.Tensor4D;
          return { y, mean: centre as tf.Tensor1D, variance: variance as tf.Tensor1D };
        };
        const [got, expected] = [gradients(batchNormReluTrain), gradients(composed)];
        got.forEach((each, i) =>
          assertClose(each.dataSync(), expected[i].dataSync(), 1e-4, ["dx", "dscale", "doffset"][i]),
        );
      });
    });
  }

  for (const channels of [3, 8, 19]) {
    test(`the mean over pixels of ${channels} channels and the image behind it have the right values and gradients`, () => {
      tf.tidy(() => {
        const x = tensor([2, 20, 15, channels], 5, 1) as tf.Tensor4D;
        const { mean, image } = meanOverPixels([x]);
        assertClose(mean.dataSync(), tf.mean(tf.mean(x, 2), 1).dataSync(), 1e-6, "mean");
        assertClose(image.dataSync(), x.dataSync(), 0, "the image");
        const small = tensor([2, 3, 2, channels], 6) as tf.Tensor4D;
        const both = (...images: tf.Tensor[]): tf.Tensor => {
          const seen = meanOverPixels(images as unknown as ImageParts);
          return tf.mul(seen.image, tf.reshape(seen.mean, [2, 1, 1, -1]));
        };
        assertGradients(both, [small], 0.1, 1e-3);
        assertGradients((image) => meanOverPixels([image as tf.Tensor4D]).mean, [small], 0.5, 1e-4);
        assertGradients(both, [small, tensor([2, 3, 2, 8], 7)], 0.1, 1e-3);
      });
    });
  }

  for (const [label, filter, stride, pad] of [
    ["3x3, same", [3, 3, 2, 4], 1, "same"],
    ["3x3, valid", [3, 3, 2, 4], 1, "valid"],
    ["1x1", [1, 1, 2, 3], 1, "same"],
    ["2x2 with stride 2", [2, 2, 2, 3], 2, "valid"],
    ["3x3 with stride 2", [3, 3, 2, 3], 2, "same"],
  ] as const) {
    test(`the gradients of a convolution (${label}) equal finite differences`, () => {
      tf.tidy(() => {
        const inputs = [tensor([2, 6, 4, 2], 1), tensor([...filter], 2)];
        assertGradients((x, w) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, stride, pad), inputs, 0.5, 1e-4);
      });
    });
  }

  test("the gradients of a transposed convolution equal finite differences", () => {
    tf.tidy(() => {
      const inputs = [tensor([2, 3, 2, 4], 1), tensor([2, 2, 3, 4], 2)];
      assertGradients(
        (x, w) => tf.conv2dTranspose(x as tf.Tensor4D, w as tf.Tensor4D, [2, 6, 4, 3], 2, "same"),
        inputs,
        0.5,
        1e-4,
      );
    });
  });

  test("sums and means over any axes keep six digits", () => {
    leavingNoTensors(() =>
      tf.tidy(() => {
        const shape = [3, 20, 30, 2];
        const values = pattern(3600, 4).map((v) => v + 1.5);
        const x = tf.tensor(values, shape);
        for (const axes of [[0], [3], [1, 2], [0, 1, 2], [0, 2], [1, 3], [0, 1, 2, 3]]) {
          const kept = shape.map((length, axis) => (axes.includes(axis) ? 1 : length));
          const want = new Float64Array(kept.reduce((a, b) => a * b, 1));
          values.forEach((value, i) => {
            const place = [Math.floor(i / 1200), Math.floor(i / 60) % 20, Math.floor(i / 2) % 30, i % 2];
            want[place.reduce((index, at, axis) => index * kept[axis] + (kept[axis] === 1 ? 0 : at), 0)] += value;
          });
          assert.deepStrictEqual(tf.sum(x, axes, true).shape, kept);
          assertClose(tf.sum(x, axes).dataSync(), want, 2e-6, `sum over ${axes}`);
          assertClose(
            tf.mean(x, axes).dataSync(),
            want.map((sum) => (sum * want.length) / 3600),
            2e-6,
            `mean over ${axes}`,
          );
        }
      }),
    );
  });

  test("the same inputs give the same bytes", () => {
    const gradient = (): Float32Array =>
      tf.tidy(() => {
        const x = tensor([4, 32, 32, 8], 5) as tf.Tensor4D;
        const layer = (w: tf.Tensor): tf.Scalar =>
          tf.sum(
            tf.square(batchNormTrain(tf.conv2d(x, w as tf.Tensor4D, 1, "same"), tf.ones([8]), tf.zeros([8]), 1e-5).y),
          );
        return tf
          .grad(layer)(tensor([3, 3, 8, 8], 6))
          .dataSync() as Float32Array;
      });
    const first = gradient().slice();
    for (let repeat = 0; repeat < 3; repeat++) assert.deepStrictEqual(gradient(), first);
  });
});
