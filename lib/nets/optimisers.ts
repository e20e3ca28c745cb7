import * as tf from "@tensorflow/tfjs-core";

export interface OptimiserConfig {
  /** `adam-amsgrad` is what the official code trains with, `adam` what it adapts with at test time. */
  readonly kind: "adam" | "adam-amsgrad" | "sgd";
  readonly learningRate: number;
}

/** How a gradient becomes a step, for all parameters in one vector; it holds no state of its own. */
export interface Optimiser {
  /** Vectors that go from step to step, each as long as the parameters and zero before the first. */
  readonly moments: number;
  /** The numbers in which step t, counted from 1, differs from the others. */
  factors(t: number): readonly number[];
  /** @returns the parameters and the moments after the step; call it inside `tf.tidy` */
  step(parameters: tf.Tensor1D, gradient: tf.Tensor1D, moments: readonly tf.Tensor1D[], factors: readonly tf.Scalar[]): tf.Tensor1D[];
}

/** PyTorch's defaults. */
const beta1 = 0.9;
const beta2 = 0.999;
const epsilon = 1e-8;

export function createOptimiser({ kind, learningRate }: OptimiserConfig): Optimiser {
  if (kind !== "sgd") return adam(learningRate, kind === "adam-amsgrad");
  return { moments: 0, factors: () => [], step: (parameters, gradient) => [tf.sub(parameters, tf.mul(gradient, learningRate))] };
}

/**
 * Adam as `torch.optim.Adam` computes it: `p -= lr / (1 - b1^t) * m / (sqrt(s) / sqrt(1 - b2^t) + eps)` with s = v, or, with AMSGrad,
 * the largest raw v so far.
 */
function adam(learningRate: number, amsgrad: boolean): Optimiser {
  return {
    moments: amsgrad ? 3 : 2,
    factors: (t) => [1 / Math.sqrt(1 - beta2 ** t), learningRate / (1 - beta1 ** t)],
    step(parameters, gradient, [pastM, pastV, pastLargest], [secondCorrection, rate]) {
      const m = blend(pastM, gradient, beta1);
      const v = blend(pastV, tf.square(gradient), beta2);
      const largest = amsgrad ? [tf.maximum<tf.Tensor1D>(pastLargest, v)] : [];
      const deviation = tf.add(tf.mul(tf.sqrt(largest[0] ?? v), secondCorrection), epsilon);
      return [tf.sub(parameters, tf.mul(tf.div(m, deviation), rate)), m, v, ...largest];
    },
  };
}

/** `beta * past + (1 - beta) * present` */
function blend(past: tf.Tensor1D, present: tf.Tensor1D, beta: number): tf.Tensor1D {
  return tf.add(tf.mul(past, beta), tf.mul(present, 1 - beta));
}
