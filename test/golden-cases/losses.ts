import * as tf from "@tensorflow/tfjs-core";
import { officialSliceDice } from "../../lib/metrics/dice";
import { hardDice } from "../../lib/nets/hard-dice";
import { consistencyLoss, entropyLoss, oneHotMasks, shapeLoss, softDiceLoss, softmax } from "../../lib/nets/losses";
import type { GoldenCase, GoldenCheck } from "./golden-case";
import { asStored, images, masks } from "./network";

/** Every loss with its gradient in the logits, and the hard Dice. */
export const check: GoldenCheck = {
  name: "losses",
  engine: true,
  run(golden) {
    const variants = (kind: string) => [...new Set(golden.keys(`${kind}/`).map((key) => key.split("/").slice(0, 2).join("/")))];
    tf.tidy(() => {
      variants("soft_dice").forEach((variant) => checkDice(golden, variant));
      variants("entropy").forEach((variant) => checkEntropy(golden, variant));
      variants("shape").forEach((variant) => checkLoss(golden, variant, (logits) => shapeLoss(softmax(logits))));
      variants("consistency").forEach((variant) => checkConsistency(golden, variant));
    });
  },
};

type Loss = (logits: tf.Tensor4D) => tf.Scalar;

function expectValue(golden: GoldenCase, key: string, got: ArrayLike<number>): void {
  golden.compare(key, got, golden.tensor(key).data as Float32Array, key);
}

/** The value, and the gradient where the file has one (a saturated shape has ties that rounding decides). */
function checkLoss(golden: GoldenCase, variant: string, loss: Loss): void {
  const { value, grad } = tf.valueAndGrad((logits: tf.Tensor) => loss(logits as tf.Tensor4D))(images(golden.tensor(`${variant}/logits`)));
  expectValue(golden, `${variant}/loss`, value.dataSync());
  if (golden.has(`${variant}/grad`)) expectValue(golden, `${variant}/grad`, asStored(grad as tf.Tensor4D));
}

function checkDice(golden: GoldenCase, variant: string): void {
  const logits = images(golden.tensor(`${variant}/logits`));
  const labels = masks(golden.tensor(`${variant}/mask`));
  const [batch, , , classes] = logits.shape;
  const truth = oneHotMasks(labels, classes);
  checkLoss(golden, variant, (values) => softDiceLoss(values, truth));
  const dice = hardDice(logits, truth);
  expectValue(golden, `${variant}/hard_dice_per_slice_class`, dice.dataSync());
  expectValue(golden, `${variant}/hard_dice`, tf.mean(dice).dataSync());
  const slices = officialSliceDice(Uint8Array.from(tf.argMax(logits, 3).dataSync()), Uint8Array.from(labels.dataSync()), batch);
  expectValue(golden, `${variant}/hard_dice`, [slices.reduce((sum, value) => sum + value, 0) / batch]);
}

function checkEntropy(golden: GoldenCase, variant: string): void {
  checkLoss(golden, variant, (logits) => entropyLoss(softmax(logits), "batch"));
  const probabilities = softmax(images(golden.tensor(`${variant}/logits`)));
  expectValue(golden, `${variant}/classwise_loss_for_information`, entropyLoss(probabilities, "class").dataSync());
}

function checkConsistency(golden: GoldenCase, variant: string): void {
  const loss = (a: tf.Tensor, b: tf.Tensor) => consistencyLoss(softmax(a as tf.Tensor4D), softmax(b as tf.Tensor4D));
  const inputs = ["a", "b"].map((side) => images(golden.tensor(`${variant}/logits_${side}`)));
  const { value, grads } = tf.valueAndGrads((...sides: tf.Tensor[]) => loss(sides[0], sides[1]))(inputs);
  expectValue(golden, `${variant}/mean`, value.dataSync());
  expectValue(golden, `${variant}/grad_a`, asStored(grads[0] as tf.Tensor4D));
  expectValue(golden, `${variant}/grad_b`, asStored(grads[1] as tf.Tensor4D));
}
