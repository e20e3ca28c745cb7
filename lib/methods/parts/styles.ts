import * as tf from "@tensorflow/tfjs-core";
import type { Random } from "../../core/random";
import type { Pass } from "../../nets/model/model";
import { withoutGradient } from "../../nets/model/without-gradient";
import { chosen, type Inputs } from "../../nets/run/named";

/** After the first two blocks, none near the output. */
const places = ["encoder1", "encoder2"] as const;

/** Mixes the styles of shallow maps, in whichever blocks are named. */
export const mixedPass = chosen(
  ({ blocks }: { readonly blocks: readonly string[] }) =>
    (inputs: Inputs): Pass => ({
      statistics: "batch",
      hooks: Object.fromEntries(
        blocks.map((block) => [
          block,
          (x: tf.Tensor4D) =>
            mixStyles(x, inputs[`${block}/order`] as tf.Tensor2D, inputs[`${block}/lambda`] as tf.Tensor4D),
        ]),
      ),
    }),
  { blocks: places },
);

/**
 * `(x - mu) / sigma (l sigma + (1 - l) sigma') + l mu + (1 - l) mu'` with mean and deviation of every image and channel, and those of
 * another image; statistics are constants of the gradient.
 * @param x `[batch, height, width, channel]`
 * @param order which image is the other one, one-hot `[batch, batch]` @param lambda `[batch, 1, 1, 1]`
 */
export function mixStyles(x: tf.Tensor4D, order: tf.Tensor2D, lambda: tf.Tensor4D): tf.Tensor4D {
  const [batch, height, width, channels] = x.shape;
  const pixels = height * width;
  const own = withoutGradient(() => {
    const mean = tf.mean(x, [1, 2], true);
    const variance = tf.div(tf.sum(tf.square(tf.sub(x, mean)), [1, 2], true), pixels - 1);
    return tf.concat([mean, tf.sqrt(tf.add(variance, 1e-6))], 1);
  });
  const mixed = withoutGradient(() => {
    const other = tf.reshape(tf.matMul(order, tf.reshape(own, [batch, 2 * channels])), [batch, 2, 1, channels]);
    return tf.add(tf.mul(lambda, own), tf.mul(tf.sub(1, lambda), other));
  });
  const [mean, deviation] = tf.split(own, 2, 1);
  const [newMean, newDeviation] = tf.split(mixed, 2, 1);
  return tf.add(tf.mul(tf.div(tf.sub(x, mean), deviation), newDeviation), newMean);
}

/** One draw for each place: a random order of the images, and lambda for each; a batch that is left alone has lambda 1. */
export function drawStyles(batch: number, p: number, alpha: number, random: Random): Record<string, tf.Tensor> {
  const mixes = random.child("mixes").uniform() < p;
  return Object.fromEntries(
    places.flatMap((place) => {
      const source = random.child(place);
      const order = new Float32Array(batch * batch);
      source
        .child("order")
        .permutation(batch)
        .forEach((other, image) => (order[image * batch + other] = 1));
      const lambdas = Array.from({ length: batch }, () => (mixes ? drawBeta(alpha, source) : 1));
      return [
        [`${place}/order`, tf.tensor2d(order, [batch, batch])],
        [`${place}/lambda`, tf.tensor4d(lambdas, [batch, 1, 1, 1])],
      ];
    }),
  );
}

/** Beta(alpha, alpha) for alpha up to 1 (Joehnk, 1964). */
function drawBeta(alpha: number, random: Random): number {
  for (;;) {
    const [x, y] = [random.uniform() ** (1 / alpha), random.uniform() ** (1 / alpha)];
    if (x + y > 0 && x + y <= 1) return x / (x + y);
  }
}
