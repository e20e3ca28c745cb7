import * as tf from "@tensorflow/tfjs-core";
import { officialClassDice, officialSliceDice } from "../../lib/metrics/dice";
import { softmax } from "../../lib/engine";
import { consistencyLoss, entropyLoss, oneHotMasks, shapeLoss, softDiceLoss } from "../../lib/nets/model/losses";
import type { GoldenCase, GoldenCheck } from "./golden-case";
import { asStored, images, masks } from "./network";

/** Every loss with its gradient in the logits, and the hard Dice. */
export const check: GoldenCheck = {
  name: "losses",
  engine: true,
  async run(golden) {
    const variants = (kind: string) => [
      ...new Set(golden.keys(`${kind}/`).map((key) => key.split("/").slice(0, 2).join("/"))),
    ];
    for (const variant of variants("soft_dice")) await checkDice(golden, variant);
    for (const variant of variants("entropy")) await checkEntropy(golden, variant);
    for (const variant of variants("shape")) await checkLoss(golden, variant, (logits) => shapeLoss(softmax(logits)));
    for (const variant of variants("consistency")) await checkConsistency(golden, variant);
  },
};

type Loss = (logits: tf.Tensor4D) => tf.Scalar;

function expectValue(golden: GoldenCase, key: string, got: ArrayLike<number>): void {
  golden.compare(key, got, golden.tensor(key).data as Float32Array, key);
}

/** The value, and the gradient where the file has one (a saturated shape has ties that rounding decides). */
async function checkLoss(golden: GoldenCase, variant: string, loss: Loss): Promise<void> {
  const { value, grad } = tf.valueAndGrad((logits: tf.Tensor) => loss(logits as tf.Tensor4D))(
    images(golden.tensor(`${variant}/logits`)),
  );
  expectValue(golden, `${variant}/loss`, await value.data());
  if (golden.has(`${variant}/grad`)) expectValue(golden, `${variant}/grad`, await asStored(grad as tf.Tensor4D));
}

async function checkDice(golden: GoldenCase, variant: string): Promise<void> {
  const logits = images(golden.tensor(`${variant}/logits`));
  const labels = masks(golden.tensor(`${variant}/mask`));
  const [batch, , , classes] = logits.shape;
  const truth = oneHotMasks(labels, classes);
  await checkLoss(golden, variant, (values) => softDiceLoss(values, truth));
  const classesOf = async (tensor: tf.Tensor) => Uint8Array.from(await tensor.data());
  const [predicted, reference] = [await classesOf(tf.argMax(logits, 3)), await classesOf(labels)];
  const perClass = officialClassDice(predicted, reference, batch).flatMap(({ background, foreground }) => [
    background,
    foreground,
  ]);
  expectValue(golden, `${variant}/hard_dice_per_slice_class`, perClass);
  const slices = officialSliceDice(predicted, reference, batch);
  expectValue(golden, `${variant}/hard_dice`, [slices.reduce((sum, value) => sum + value, 0) / batch]);
}

async function checkEntropy(golden: GoldenCase, variant: string): Promise<void> {
  await checkLoss(golden, variant, (logits) => entropyLoss(softmax(logits), "batch"));
  const probabilities = softmax(images(golden.tensor(`${variant}/logits`)));
  expectValue(golden, `${variant}/classwise_loss_for_information`, await entropyLoss(probabilities, "class").data());
}

async function checkConsistency(golden: GoldenCase, variant: string): Promise<void> {
  const loss = (a: tf.Tensor, b: tf.Tensor) => consistencyLoss(softmax(a as tf.Tensor4D), softmax(b as tf.Tensor4D));
  const inputs = ["a", "b"].map((side) => images(golden.tensor(`${variant}/logits_${side}`)));
  const { value, grads } = tf.valueAndGrads((...sides: tf.Tensor[]) => loss(sides[0], sides[1]))(inputs);
  expectValue(golden, `${variant}/mean`, await value.data());
  expectValue(golden, `${variant}/grad_a`, await asStored(grads[0] as tf.Tensor4D));
  expectValue(golden, `${variant}/grad_b`, await asStored(grads[1] as tf.Tensor4D));
}
