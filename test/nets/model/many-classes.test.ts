import * as tf from "@tensorflow/tfjs-core";
import assert from "node:assert/strict";
import { test } from "node:test";
import { softmax } from "../../../lib/engine";
import { entropyLoss, oneHotMasks, shapeLoss, softDiceLoss } from "../../../lib/nets/model/losses";
import { assertClose, assertGradients, onEveryEngine, pattern } from "../../engine/engines";

const [batch, height, width, classes] = [2, 4, 6, 4];
const pixels = batch * height * width;
const logits = pattern(pixels * classes, 3);
/** Of every pixel its class, all four among them. */
const masks = Array.from({ length: pixels }, (_, i) => (i * 7 + Math.floor(i / 5)) % classes);

/** The softmax as it is written in books, in float64. */
const probability = (pixel: number, label: number): number => {
  const own = Array.from({ length: classes }, (_, k) => Math.exp(logits[pixel * classes + k]));
  return own[label] / own.reduce((sum, value) => sum + value, 0);
};
const overPixels = (value: (pixel: number) => number) =>
  Array.from({ length: pixels }, (_, pixel) => value(pixel)).reduce((sum, each) => sum + each, 0);

onEveryEngine("losses of four classes", ["tensorflow", "wasm"], () => {
  const given = () => tf.tensor4d(logits, [batch, height, width, classes]);
  const truth = () => oneHotMasks(tf.tensor3d(masks, [batch, height, width]), classes);
  const scalar = (loss: tf.Scalar) => loss.dataSync()[0];

  test("soft Dice is the mean over all four, each by its own sums", () => {
    const dice = Array.from({ length: classes }, (_, k) => {
      const both = overPixels((pixel) => (masks[pixel] === k ? probability(pixel, k) : 0));
      const either = overPixels((pixel) => probability(pixel, k) + Number(masks[pixel] === k));
      return (2 * both + 1e-5) / (either + 1e-5);
    });
    const expected = 1 - dice.reduce((sum, each) => sum + each, 0) / classes;
    tf.tidy(() => {
      assertClose([scalar(softDiceLoss(given(), truth()))], [expected], 1e-5);
      const labels = truth();
      assertGradients((x) => softDiceLoss(x as tf.Tensor4D, labels), [given()], 1e-2, 1e-2);
    });
  });

  test("entropy sums over the four and is told in units of their logarithm, so that 1 is to know nothing", () => {
    const terms = overPixels((pixel) =>
      Array.from({ length: classes }, (_, k) => probability(pixel, k)).reduce(
        (sum, p) => sum - p * Math.log(p + 1e-6),
        0,
      ),
    );
    tf.tidy(() => {
      const found = scalar(entropyLoss(softmax(given()), "class"));
      assertClose([found], [terms / pixels / Math.log(classes)], 1e-5);
      const unsure = tf.fill([1, 3, 3, classes], 1 / classes) as tf.Tensor4D;
      assertClose([scalar(entropyLoss(unsure, "class"))], [1], 1e-5);
    });
  });

  test("the shape term sees the foreground: all but the background together, however it is divided", () => {
    tf.tidy(() => {
      const four = softmax(given());
      const background = tf.slice(four, [0, 0, 0, 0], [-1, -1, -1, 1]);
      const two = tf.concat([background, tf.sub(1, background)], 3) as tf.Tensor4D;
      const [ofFour, ofTwo] = [four, two].map((each) => scalar(tf.mul(shapeLoss(each), 1e6) as tf.Scalar));
      assert.ok(ofFour > 0);
      assertClose([ofFour], [ofTwo], 1e-3);
    });
  });
});
