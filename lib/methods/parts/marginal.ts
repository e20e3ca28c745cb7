import * as tf from "@tensorflow/tfjs-core";
import { probabilities } from "../../nets/model/losses";
import { movedLogits } from "../../nets/model/noisy-moves";
import { named, type Inputs } from "../../nets/run/named";
import type { Loss, Sight } from "../../nets/run/recipe";

/** The smallest normal number: what has no probability adds nothing. */
const least = 2 ** -126;

/**
 * The entropy of what noisy and moved views of one image say together: `-sum_k p_k ln p_k` with p the mean over the views of their
 * probabilities, moved back, at every pixel; the mean over pixels. The batch is the image, as often as there are views.
 */
export const marginalEntropy: Loss<Sight> = named((sight: Sight, inputs: Inputs): { total: tf.Scalar } => {
  const together = tf.mean(probabilities(movedLogits(sight, inputs)), 0);
  const terms = tf.mul(together, tf.log(tf.maximum(together, least)));
  return { total: tf.neg(tf.mean(tf.sum(terms, -1))) as tf.Scalar };
});
