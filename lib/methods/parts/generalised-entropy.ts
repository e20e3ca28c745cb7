import * as tf from "@tensorflow/tfjs-core";
import { probabilities } from "../../nets/model/losses";
import { withoutGradient } from "../../nets/model/without-gradient";
import { chosen } from "../../nets/run/named";
import type { Loss, Sight } from "../../nets/run/recipe";

/** `published`: the code multiplies a vector by a column (DomainAdaptor 5c3d24e), so that entropies and temperatures are averaged apart. */
export type GemReading = "published" | "intended";

/**
 * GEM-T: `mean T^2 H(softmax(z / T))` over images and pixels, T twice the (unbiased) deviation of a pixel's logits over the classes, a
 * constant of the gradient; published: `mean H mean T^2`. With two classes softmax(z / T) is constant, and the gradient is not.
 * @param logits `[batch, height, width, class]`
 */
export function generalisedEntropy(logits: tf.Tensor4D, reading: GemReading): tf.Scalar {
  const classes = logits.shape[3];
  const temperature = withoutGradient(() => {
    const centred = tf.sub(logits, tf.mean(logits, 3, true));
    const variance = tf.div(tf.sum(tf.square(centred), 3, true), classes - 1);
    return tf.maximum(tf.mul(tf.sqrt(variance), 2), 1e-12); // equal logits have no deviation
  });
  const softened = tf.div(logits, temperature) as tf.Tensor4D;
  const entropies = tf.neg(tf.sum(tf.mul(probabilities(softened), tf.logSoftmax(softened)), 3, true));
  const squares = tf.square(temperature);
  return (
    reading === "published" ? tf.mul(tf.mean(entropies), tf.mean(squares)) : tf.mean(tf.mul(entropies, squares))
  ) as tf.Scalar;
}

/** Of what the network answers. */
export const gemT = (reading: GemReading): Loss<Sight> => chosen(gem, { reading });

const gem =
  ({ reading }: { readonly reading: GemReading }) =>
  ({ forward }: Sight): { total: tf.Scalar } => ({ total: generalisedEntropy(forward().logits, reading) });
