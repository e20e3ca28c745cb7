import * as tf from "@tensorflow/tfjs-core";
import { probabilities } from "../../nets/model/losses";
import { named, type Inputs } from "../../nets/run/named";
import type { Loss, Sight } from "../../nets/run/recipe";

/** Keeps logarithms finite (SHOT, loss.py). */
const epsilon = 1e-5;

/** Mean probability of each class over the batch; axis by axis, since a library may add a long run of float32 one after the other. */
const classShares = (p: tf.Tensor): tf.Tensor => [0, 0, 0].reduce((mean: tf.Tensor, axis) => tf.mean(mean, axis), p);

const plogp = (p: tf.Tensor): tf.Tensor => tf.mul(p, tf.log(tf.add(p, epsilon)));

/**
 * SHOT's objective: sure at every pixel (entropy), of every class over the batch (diversity), and, at some weight, as the one-hot labels
 * `pseudo` have it (cross-entropy).
 */
export const informationMaximisation = (weight: number): Loss<Sight> => named(information, { numbers: { weight } });

function information({ forward }: Sight, { pseudo, weight }: Inputs) {
  const { logits } = forward();
  const p = probabilities(logits);
  const entropy = tf.neg(tf.mean(tf.sum(plogp(p), 3))) as tf.Scalar;
  const diversity = tf.neg(tf.sum(plogp(classShares(p)))) as tf.Scalar;
  const crossEntropy = tf.neg(tf.mean(tf.sum(tf.mul(pseudo, tf.logSoftmax(logits)), 3))) as tf.Scalar;
  const total = tf.add(tf.sub(entropy, diversity), tf.mul(crossEntropy, weight)) as tf.Scalar;
  return { total, entropy, diversity, cross_entropy: crossEntropy };
}
