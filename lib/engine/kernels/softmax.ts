import * as tf from "@tensorflow/tfjs-core";

/** What an engine with a kernel of its own for probabilities registers. */
export const softmaxKernel = "ImageSoftmax";
export const softmaxGradKernel = "ImageSoftmaxGrad";

const mostClasses = 1024;

/** Reductions over a few classes are slow as they come. */
const hasKernel = (x: tf.Tensor): boolean => x.rank === 4 && (x as tf.Tensor4D).shape[3] <= mostClasses && tf.getKernel(softmaxKernel, tf.getBackend()) !== undefined;

/**
 * Probabilities of the classes: the softmax over the last axis. TensorFlow's own is a rounding off where two logits are equal, which
 * leaves a gradient where there is none.
 */
export const softmax: <Logits extends tf.Tensor>(logits: Logits) => Logits = tf.customGrad((logits, save) => {
  const value = shares(logits as tf.Tensor);
  (save as tf.GradSaveFunc)([value]);
  return { value, gradFunc: (dy: tf.Tensor, [p]: tf.Tensor[]) => sharesGradient(p, dy) };
}) as <Logits extends tf.Tensor>(logits: Logits) => Logits;

function shares(logits: tf.Tensor): tf.Tensor {
  if (hasKernel(logits)) return tf.engine().runKernel(softmaxKernel, { logits }) as tf.Tensor;
  const exponentials = tf.exp(tf.sub(logits, tf.max(logits, -1, true)));
  return tf.div(exponentials, tf.sum(exponentials, -1, true));
}

function sharesGradient(p: tf.Tensor, dy: tf.Tensor): tf.Tensor {
  if (hasKernel(p)) return tf.engine().runKernel(softmaxGradKernel, { p, dy }) as tf.Tensor;
  return tf.mul(p, tf.sub(dy, tf.sum(tf.mul(dy, p), -1, true)));
}
