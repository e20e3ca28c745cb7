import * as tf from "@tensorflow/tfjs-core";
import { softDiceLoss } from "../../nets/model/losses";
import { named, type Inputs } from "../../nets/run/named";
import type { Descending, LabelledSight, Recipe, Terms } from "../../nets/run/recipe";
import { boundaryContrast } from "./boundary";

interface Episode {
  /** Rate of the step in the middle. */
  readonly inner: number;
  /** No element of its gradient is larger. */
  readonly clip: number;
  /** Of the contrast. */
  readonly weight: number;
  readonly temperature: number;
}

/**
 * FedDG's episode (train_ELCFS.py): soft Dice of the images, and of the same with another client's look behind a step down the first, and
 * beside both the contrast at the structures' boundaries. First order: the step is a constant of the gradient.
 */
export const episodic = ({ inner, clip, weight, temperature }: Episode): Recipe => ({
  loss: named(episode, { numbers: { weight, temperature } }),
  direction: named(throughEpisode, { numbers: { inner, clip } }),
});

const throughEpisode = ({ grad }: Descending, { inner, clip }: Inputs): tf.Tensor => {
  const uphill = tf.maximum(tf.minimum(grad({ still: true }), clip), tf.neg(clip));
  return grad({ inputs: { step: tf.neg(tf.mul(uphill, inner)) } });
};

/** Without a step, what comes before it. */
function episode({ forward, truth, elsewhere }: LabelledSight, { step, weight, temperature }: Inputs): Terms {
  const inner = forward();
  const dice = softDiceLoss(inner.logits, truth);
  if (!step) return { total: dice };
  const outer = elsewhere("foreign", step).forward();
  const diceOuter = softDiceLoss(outer.logits, truth);
  const [before, behind] = [inner, outer].map(({ taps }) => taps.get("decoder1") as tf.Tensor4D);
  const contrasts = structuresOf(truth).map((mask) => boundaryContrast(before, behind, mask, temperature));
  const contrast = tf.addN(contrasts) as tf.Scalar;
  const total = tf.addN([dice, diceOuter, tf.mul(contrast, weight)]) as tf.Scalar;
  return { total, diceInner: dice, diceOuter, contrast };
}

/** Each structure holds those of the classes behind it: the disc its cup. @returns masks `[batch, height, width, 1]` */
function structuresOf(truth: tf.Tensor4D): tf.Tensor4D[] {
  const classes = tf.split(truth, truth.shape[3], 3);
  return classes.slice(1).map((_, index) => tf.addN(classes.slice(index + 1)) as tf.Tensor4D);
}
