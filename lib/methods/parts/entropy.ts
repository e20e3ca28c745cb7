import * as tf from "@tensorflow/tfjs-core";
import { probabilities } from "../../nets/model/losses";
import { named } from "../../nets/run/named";
import type { Loss, Sight } from "../../nets/run/recipe";

/** `-sum_k p_k ln p_k` of every pixel, in nats. @param logits `[batch, height, width, class]` @returns `[batch, height, width]` */
export const pixelEntropies = (logits: tf.Tensor4D): tf.Tensor3D =>
  tf.tidy(() => tf.neg(tf.sum(tf.mul(probabilities(logits), tf.logSoftmax(logits)), 3)) as tf.Tensor3D);

/** The mean over pixels of every image. @param logits stay the caller's */
export async function imageEntropies(logits: tf.Tensor4D): Promise<number[]> {
  const means = tf.tidy(() => tf.mean(pixelEntropies(logits), [1, 2]));
  const values = Array.from(await means.data());
  means.dispose();
  return values;
}

/** The mean over images and pixels: what TENT minimises. */
export const meanEntropy: Loss<Sight> = named(({ forward }: Sight): { total: tf.Scalar } => ({
  total: tf.mean(pixelEntropies(forward().logits)) as tf.Scalar,
}));
