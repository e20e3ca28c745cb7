import * as tf from "@tensorflow/tfjs-core";

/** What an engine registers that takes a step of Adam in one pass; others take it in ordinary operations. */
export const adamKernel = "AdamStep";

export interface AdamSettings {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/**
 * A step of Adam as `torch.optim.Adam` computes it: `p -= rate * m / (sqrt(s) * correction + epsilon)` with s = v, or, with AMSGrad, the
 * largest raw v so far.
 * @param moments m and v of the step before, for AMSGrad the largest v too
 * @returns the parameters and the moments after the step, the caller's to dispose (or tidied)
 */
export function adamStep(
  settings: AdamSettings,
  parameters: tf.Tensor1D,
  gradient: tf.Tensor1D,
  moments: readonly tf.Tensor1D[],
  correction: tf.Scalar,
  rate: tf.Scalar,
): tf.Tensor1D[] {
  const [pastM, pastV, pastLargest] = moments;
  if (tf.getKernel(adamKernel, tf.getBackend())) {
    const past = Object.fromEntries(moments.map((moment, index) => [`moment${index}`, moment]));
    return tf
      .engine()
      .runKernel(adamKernel, { parameters, gradient, correction, rate, ...past }, { ...settings }) as tf.Tensor1D[];
  }
  const m = blend(pastM, gradient, settings.beta1);
  const v = blend(pastV, tf.square(gradient), settings.beta2);
  const largest = pastLargest ? [tf.maximum<tf.Tensor1D>(pastLargest, v)] : [];
  const deviation = tf.add(tf.mul(tf.sqrt(largest[0] ?? v), correction), settings.epsilon);
  return [tf.sub(parameters, tf.mul(tf.div(m, deviation), rate)), m, v, ...largest];
}

/** `beta * past + (1 - beta) * present` */
function blend(past: tf.Tensor1D, present: tf.Tensor1D, beta: number): tf.Tensor1D {
  return tf.add(tf.mul(past, beta), tf.mul(present, 1 - beta));
}
