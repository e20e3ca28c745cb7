import * as tf from "@tensorflow/tfjs-core";

/** Computes a tensor that counts as a constant: what happens inside a custom gradient is not recorded. */
export function withoutGradient<Tensor extends tf.Tensor>(compute: () => Tensor): Tensor {
  return tf.customGrad(() => ({ value: compute(), gradFunc: () => [] }))() as Tensor;
}
