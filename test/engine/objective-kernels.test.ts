import * as tf from "@tensorflow/tfjs-core";
import assert from "node:assert";
import { test } from "node:test";
import { adamStep, diceSums, softmax } from "../../lib/engine";
import { assertClose, assertGradients, leavingNoTensors, onEveryEngine, pattern } from "./engines";

type Size = readonly [batch: number, height: number, width: number];
const images = (classes: number, seed: number, size: number, [batch, height, width]: Size = [3, 7, 5]): tf.Tensor4D =>
  tf.tensor4d(
    pattern(batch * height * width * classes, seed).map((v) => v * size),
    [batch, height, width, classes],
  );

onEveryEngine("behind the network", ["tensorflow", "wasm", "cpu"], () => {
  for (const classes of [2, 3, 7, 65]) {
    test(`probabilities of ${classes} classes, also of very unlike logits`, () => {
      leavingNoTensors(() =>
        tf.tidy(() => {
          for (const size of [1, 30, 400]) {
            const logits = images(classes, 1, size);
            const values = Float64Array.from(logits.dataSync());
            const want = Float64Array.from(values, (v, i) => {
              const pixel = values.slice(i - (i % classes), i - (i % classes) + classes);
              const largest = Math.max(...pixel);
              return Math.exp(v - largest) / pixel.reduce((sum, each) => sum + Math.exp(each - largest), 0);
            });
            const got = softmax(logits).dataSync();
            assertClose(got, want, 2e-7 + 2e-8 * size, `logits up to ${size}`);
            for (const [i, v] of want.entries())
              if (v > 1e-30) assert.ok(Math.abs(got[i] / v - 1) < 1e-6 + 1e-7 * size, `${got[i]} for ${v}`);
          }
          const equal = softmax(tf.fill([1, 2, 2, classes], 3.3)).dataSync();
          assert.ok(equal.every((p) => p === Math.fround(1 / classes)));
        }),
      );
    });

    test(`the gradient of probabilities of ${classes} classes equals finite differences`, () => {
      // Every number is moved by itself: of many classes fewer pixels are enough.
      const few: Size = classes > 10 ? [1, 3, 5] : [3, 7, 5];
      tf.tidy(() =>
        assertGradients(
          (x) => tf.mul(softmax(x as tf.Tensor4D), images(classes, 2, 1, few)),
          [images(classes, 3, 2, few)],
          1e-1,
          2e-3,
        ),
      );
    });

    test(`the sums of soft Dice over ${classes} classes keep six digits`, () => {
      leavingNoTensors(() =>
        tf.tidy(() => {
          const [p, y] = [tf.abs(images(classes, 4, 1)), tf.abs(images(classes, 5, 1))];
          const want = [0, 1, 2].map(() => new Float64Array(classes));
          const [a, b] = [p.dataSync(), y.dataSync()];
          a.forEach((value, i) => {
            [value + b[i] - 2 * value * b[i], value * b[i], value + b[i]].forEach(
              (term, sum) => (want[sum][i % classes] += term),
            );
          });
          const { apart, both, either } = diceSums(p as tf.Tensor4D, y as tf.Tensor4D);
          [apart, both, either].forEach((sum, index) =>
            assertClose(sum.dataSync(), want[index], 1e-6, ["apart", "both", "either"][index]),
          );
        }),
      );
    });
  }

  for (const amsgrad of [false, true]) {
    test(`a step of Adam${amsgrad ? " with AMSGrad" : ""} is the formula's in float64`, () => {
      leavingNoTensors(() =>
        tf.tidy(() => {
          // More than one part of 65,536, and some left over by every register.
          const size = 70_003;
          const of = (seed: number, scale = 1) => pattern(size, seed).map((v) => v * scale);
          const [parameters, gradient, m, v, largest] = [
            of(1),
            of(2, 1e-2),
            of(3, 1e-2),
            of(4).map((x) => x * x * 1e-4),
            of(5).map((x) => x * x * 1e-4),
          ];
          const moments = [m, v, ...(amsgrad ? [largest] : [])];
          const settings = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
          const after = adamStep(
            settings,
            tf.tensor1d(parameters),
            tf.tensor1d(gradient),
            moments.map((each) => tf.tensor1d(each)),
            tf.scalar(3.2),
            tf.scalar(0.01),
          );
          const m2 = Float64Array.from(m, (x, i) => 0.9 * x + (1 - 0.9) * gradient[i]);
          const v2 = Float64Array.from(v, (x, i) => 0.999 * x + (1 - 0.999) * gradient[i] ** 2);
          const s2 = amsgrad ? v2.map((x, i) => Math.max(x, largest[i])) : v2;
          const p2 = Float64Array.from(parameters, (x, i) => x - (0.01 * m2[i]) / (Math.sqrt(s2[i]) * 3.2 + 1e-8));
          const want = [p2, m2, v2, ...(amsgrad ? [s2] : [])];
          assert.equal(after.length, want.length);
          after.forEach((tensor, index) =>
            assertClose(tensor.dataSync(), want[index], 1e-6, ["parameters", "m", "v", "largest"][index]),
          );
          // Small numbers count as much as large ones: 1 - 0.999 is wrong by 1e-5 in float32.
          const seen = after[2].dataSync();
          v2.forEach((x, i) => assert.ok(Math.abs(seen[i] / x - 1) < 1e-6, `v ${seen[i]} for ${x}`));
        }),
      );
    });
  }
});
