import * as tf from "@tensorflow/tfjs-core";
import { adamStep } from "../../engine";

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
  step(
    parameters: tf.Tensor1D,
    gradient: tf.Tensor1D,
    moments: readonly tf.Tensor1D[],
    factors: readonly tf.Scalar[],
  ): tf.Tensor1D[];
}

/** PyTorch's defaults. */
const adamSettings = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

export function createOptimiser({ kind, learningRate }: OptimiserConfig): Optimiser {
  if (kind !== "sgd") return adam(learningRate, kind === "adam-amsgrad");
  return {
    moments: 0,
    factors: () => [learningRate],
    step: (parameters, gradient, _moments, [rate]) => [tf.sub(parameters, tf.mul(gradient, rate))],
  };
}

function adam(learningRate: number, amsgrad: boolean): Optimiser {
  const { beta1, beta2 } = adamSettings;
  return {
    moments: amsgrad ? 3 : 2,
    factors: (t) => [1 / Math.sqrt(1 - beta2 ** t), learningRate / (1 - beta1 ** t)],
    step: (parameters, gradient, moments, [correction, rate]) =>
      adamStep(adamSettings, parameters, gradient, moments, correction, rate),
  };
}
