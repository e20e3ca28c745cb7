import * as tf from "@tensorflow/tfjs-core";

/**
 * Adds one number to every channel. The gradient of a plain addition sums a whole batch one float32 after the other and loses 7e-6;
 * this one sums the rows first.
 * @param x `[batch, height, width, channel]`
 */
export function addBias(x: tf.Tensor4D, bias: tf.Tensor1D): tf.Tensor4D {
  return biased(x, bias) as tf.Tensor4D;
}

export function biasGradient(dy: tf.Tensor): tf.Tensor {
  return tf.sum(tf.sum(dy, 2), [0, 1]);
}

const biased = tf.customGrad((x, bias) => ({
  value: tf.add(x as tf.Tensor, bias as tf.Tensor),
  gradFunc: (dy: tf.Tensor) => [tf.clone(dy), biasGradient(dy)],
}));
