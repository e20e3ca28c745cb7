import * as tf from "@tensorflow/tfjs-core";
import type { Normalise, Norm, Pass } from "../../nets/model/model";
import { batchNormEpsilon } from "../../nets/model/unet";
import { named, type Inputs } from "../../nets/run/named";
import type { After, Descending, Sight } from "../../nets/run/recipe";

interface Moments {
  readonly mean: tf.Tensor;
  /** Unbiased; of a single pixel 0. */
  readonly variance: tf.Tensor;
}

function momentsOf(x: tf.Tensor4D, axes: number[]): Moments {
  const count = axes.reduce((product, axis) => product * x.shape[axis], 1);
  const { mean, variance } = tf.moments(x, axes);
  return { mean, variance: tf.mul(variance, count / Math.max(count - 1, 1)) };
}

/** Squared distance of means and of deviations, averaged over channels. */
function apart(a: Moments, b: Moments): tf.Tensor {
  const squares = (x: tf.Tensor, y: tf.Tensor) => tf.mean(tf.square(tf.sub(x, y)), -1);
  return tf.add(squares(a.mean, b.mean), squares(tf.sqrt(a.variance), tf.sqrt(b.variance)));
}

/** How much of the trained statistics AdaMixBN takes: the less, the further the batch is from them for what its images are apart. */
function shareOf(source: Moments, batch: Moments, images: Moments): tf.Tensor {
  const far = apart(source, batch);
  const whole = tf.add(tf.add(apart(images, source), apart(images, batch)), far);
  return tf.mean(tf.clipByValue(tf.sub(1, tf.divNoNan(far, whole)), 0, 1));
}

/** Scale and offset that make a normalisation by the batch one by the mixture. */
function foldedNorm(x: tf.Tensor4D, { scale, offset, running }: Norm) {
  const { mean, variance } = running();
  const batch = momentsOf(x, [0, 1, 2]);
  const share = shareOf({ mean, variance }, batch, momentsOf(x, [1, 2]));
  const own = tf.add(batch.variance, batchNormEpsilon);
  const mixed = tf.add(tf.mul(share, variance), tf.mul(tf.sub(1, share), batch.variance));
  const newScale = tf.mul(scale, tf.sqrt(tf.div(own, tf.add(mixed, batchNormEpsilon))));
  const shift = tf.mul(tf.mul(share, tf.sub(batch.mean, mean)), tf.div(newScale, tf.sqrt(own)));
  return { batch, share, scale: newScale as tf.Tensor1D, offset: tf.add(offset, shift) as tf.Tensor1D };
}

function normalise(x: tf.Tensor4D, { mean, variance }: Moments, norm: Pick<Norm, "scale" | "offset">): tf.Tensor4D {
  return tf.batchNorm(x, mean as tf.Tensor1D, variance as tf.Tensor1D, norm.offset, norm.scale, batchNormEpsilon);
}

/** The batch's statistics normalise, the variance unbiased. */
export const unbiasedStatistics = named((): Pass => ({
  statistics: ((x, norm) => normalise(x, momentsOf(x, [0, 1, 2]), norm)) satisfies Normalise,
}));

/**
 * A pass whose normalisations mix trained and batch statistics (AdaMixBN, DomainAdaptor). Answers logits, the share of the trained ones
 * in every normalisation, and the scales and offsets that do the same over the batch's statistics, one normalisation behind the other.
 */
export const mixedNorms = named(({ images, forward }: Sight): tf.Tensor[] => {
  const shares: tf.Tensor[] = [];
  const folded: tf.Tensor1D[] = [];
  const statistics: Normalise = (x, norm) => {
    const { batch, share, scale, offset } = foldedNorm(x, norm);
    shares.push(share);
    folded.push(scale, offset);
    return normalise(x, batch, { scale, offset });
  };
  const { logits } = forward(images, { statistics });
  return [logits, tf.stack(shares), tf.concat(folded)];
});

/** Puts the tensor `folded` in the place of all trained entries. */
export const foldedIn: After = named((_: Pick<Descending, "w">, { folded }: Inputs) => tf.clone(folded));
