import * as tf from "@tensorflow/tfjs-core";
import assert from "node:assert";
import { test } from "node:test";
import { softmax } from "../../lib/engine";
import { assertClose, assertGradients, leavingNoTensors, onEveryEngine, pattern } from "./engines";

/** In float64, without the engine. */
function softmaxByHand(logits: Float32Array, classes: number): number[] {
  return Array.from({ length: logits.length / classes }, (_, row) => {
    const own = logits.subarray(row * classes, (row + 1) * classes);
    const powers = Array.from(own, (value) => Math.exp(value - Math.max(...own)));
    return powers.map((power) => power / powers.reduce((sum, each) => sum + each, 0));
  }).flat();
}

onEveryEngine("probabilities of classes", ["tensorflow", "wasm", "cpu"], () => {
  for (const classes of [1, 2, 3, 17]) {
    test(`${classes} classes: small and large scores`, () => {
      leavingNoTensors(() =>
        tf.tidy(() => {
          for (const factor of [1e-3, 1, 30, 1000]) {
            const logits = pattern(2 * 9 * 41 * classes, classes).map((value) => value * factor);
            const got = softmax(tf.tensor4d(logits, [2, 9, 41, classes])).dataSync();
            const want = softmaxByHand(logits, classes);
            assertClose(got, want, 1e-6, `factor ${factor}`);
            // To a share of themselves, down to where float32 ends.
            for (let i = 0; i < want.length; i++)
              if (want[i] > 1e-30) assert.ok(Math.abs(got[i] / want[i] - 1) < 1e-5, `${got[i]}, want ${want[i]}`);
          }
        }),
      );
    });
  }

  test("equal scores have equal probabilities, and so they have at the end of float32", () => {
    tf.tidy(() => {
      for (const score of [0, 7.3, -3e38])
        assert.deepStrictEqual(Array.from(softmax(tf.fill([1, 3, 5, 2], score)).dataSync()), Array(30).fill(0.5));
      assert.deepStrictEqual(
        Array.from(softmax(tf.tensor4d([-Infinity, 0, 200, -200], [1, 2, 1, 2])).dataSync()).map((x) =>
          Math.round(x * 1e9),
        ),
        [0, 1e9, 1e9, 0],
      );
    });
  });

  test("gradients equal finite differences", () => {
    tf.tidy(() => assertGradients((x) => softmax(x), [tf.tensor4d(pattern(2 * 3 * 4 * 3), [2, 3, 4, 3])], 1e-2, 1e-3));
  });
});
