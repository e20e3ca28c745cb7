import * as tf from "@tensorflow/tfjs-core";
import { probabilities, softDiceLoss } from "../../nets/model/losses";
import { named, type Inputs } from "../../nets/run/named";
import type { LabelledSight, Loss, Sight } from "../../nets/run/recipe";

/** `-sum_k softmax(target)_k log softmax(z)_k`, averaged over images and pixels, with the logits `target` handed to the step. */
export const softTargets: Loss<Sight> = named(({ forward }: Sight, { target }: Inputs): { total: tf.Scalar } => {
  const classes = probabilities(target as tf.Tensor4D);
  return { total: tf.neg(tf.mean(tf.sum(tf.mul(classes, tf.logSoftmax(forward().logits)), 3))) as tf.Scalar };
});

/**
 * `sum_k t_k (log t_k - log s_k)` of two softmaxes, averaged over images and pixels; no temperature.
 * @param student, teacher logits `[batch, height, width, class]`; the teacher is a constant of the gradient where it is an input
 */
export function divergence(student: tf.Tensor4D, teacher: tf.Tensor4D): tf.Scalar {
  const apart = tf.sub(tf.logSoftmax(teacher), tf.logSoftmax(student));
  return tf.mean(tf.sum(tf.mul(probabilities(teacher), apart), 3)) as tf.Scalar;
}

/** Soft Dice, and beside it how far the network is from the logits `teacher` that the step was handed. */
export const taught: Loss = named(({ forward, truth }: LabelledSight, { teacher }: Inputs) => {
  const { logits } = forward();
  const [dice, kl] = [softDiceLoss(logits, truth), divergence(logits, teacher as tf.Tensor4D)];
  return { total: tf.add(dice, kl) as tf.Scalar, dice, kl };
});
