import * as tf from "@tensorflow/tfjs-core";
import assert from "node:assert";
import { test } from "node:test";
import { softmax } from "../../../lib/engine";
import { consistencyLoss, entropyLoss, oneHotMasks, shapeLoss, softDiceLoss } from "../../../lib/nets/model/losses";
import { assertClose, assertGradients, onEveryEngine, pattern } from "../../engine/engines";

onEveryEngine("losses", ["tensorflow", "wasm", "cpu"], () => {
  const logits = (seed: number) => tf.tensor4d(pattern(2 * 4 * 6 * 2, seed), [2, 4, 6, 2]);
  const scalar = (loss: tf.Scalar) => loss.dataSync()[0];

  test("gradients equal finite differences", () => {
    tf.tidy(() => {
      const truth = oneHotMasks(
        tf.tensor3d(
          pattern(48, 9).map((v) => (v > 0 ? 1 : 0)),
          [2, 4, 6],
        ),
        2,
      );
      const [a, b] = [logits(1), logits(2)];
      const losses: [string, (x: tf.Tensor4D) => tf.Scalar][] = [
        ["soft Dice", (x) => softDiceLoss(x, truth)],
        ["entropy over the batch", (x) => entropyLoss(softmax(x), "batch")],
        ["entropy over classes", (x) => entropyLoss(softmax(x), "class")],
        ["shape", (x) => tf.mul(shapeLoss(softmax(x)), 1e6)],
      ];
      for (const [, loss] of losses) assertGradients((x) => loss(x as tf.Tensor4D), [a], 1e-2, 1e-2);
      assertGradients(
        (x, y) => consistencyLoss(softmax(x as tf.Tensor4D), softmax(y as tf.Tensor4D)),
        [a, b],
        1e-2,
        1e-2,
      );
    });
  });

  test("soft Dice is 0 for a perfect prediction and 1/2 for one that calls everything background in a foreground image", () => {
    tf.tidy(() => {
      const masks = tf.ones([1, 4, 6]);
      const certain = (foreground: number) =>
        tf.tile(tf.tensor4d([-foreground, foreground], [1, 1, 1, 2]), [1, 4, 6, 1]);
      // The absent background agrees with itself: (0 + 1e-5) / (0 + 1e-5).
      assert.ok(scalar(softDiceLoss(certain(50), oneHotMasks(masks, 2))) < 1e-6);
      assertClose([scalar(softDiceLoss(certain(-50), oneHotMasks(masks, 2)))], [1], 1e-5);
    });
  });

  test("entropy is 1 where nothing is known, and the published axis makes it grow with half the batch", () => {
    tf.tidy(() => {
      const unsure = tf.fill([6, 3, 3, 2], 0.5) as tf.Tensor4D;
      assertClose([scalar(entropyLoss(unsure, "class"))], [1], 1e-5);
      assertClose([scalar(entropyLoss(unsure, "batch"))], [3], 1e-5);
    });
  });

  test("the shape term of a straight edge is the length of its band", () => {
    tf.tidy(() => {
      // Foreground in the right half of 40 columns: within 10 pixels of the edge the window sees both sides, 20 columns in all.
      const columns = Float32Array.from({ length: 5 * 40 * 2 }, (_, i) =>
        Math.floor(i / 2) % 40 >= 20 === (i % 2 === 1) ? 1 : 0,
      );
      assertClose([scalar(shapeLoss(tf.tensor4d(columns, [1, 5, 40, 2])))], [1e-6 * Math.sqrt(5 * 20)], 1e-5);
    });
  });

  test("the shape term of a flat prediction and its gradient are 0", () => {
    tf.tidy(() => {
      const { value, grad } = tf.valueAndGrad((x: tf.Tensor) => shapeLoss(softmax(x as tf.Tensor4D)))(
        tf.zeros([1, 8, 8, 2]),
      );
      assert.strictEqual(value.dataSync()[0], 0);
      assert.ok(grad.dataSync().every((each) => each === 0));
    });
  });
});
