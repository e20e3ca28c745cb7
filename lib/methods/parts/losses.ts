import * as tf from "@tensorflow/tfjs-core";
import { probabilities } from "../../nets/model/losses";
import { named, type Inputs } from "../../nets/run/named";
import type { Loss, Sight } from "../../nets/run/recipe";

/** `-sum_k softmax(target)_k log softmax(z)_k`, averaged over images and pixels, with the logits `target` handed to the step. */
export const softTargets: Loss<Sight> = named(({ forward }: Sight, { target }: Inputs): { total: tf.Scalar } => {
  const classes = probabilities(target as tf.Tensor4D);
  return { total: tf.neg(tf.mean(tf.sum(tf.mul(classes, tf.logSoftmax(forward().logits)), 3))) as tf.Scalar };
});
