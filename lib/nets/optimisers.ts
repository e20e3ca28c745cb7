import * as tf from "@tensorflow/tfjs-core";

export interface OptimiserConfig {
  /** `adam-amsgrad` is what the official code trains with, `adam` what it adapts with at test time. */
  readonly kind: "adam" | "adam-amsgrad" | "sgd";
  readonly learningRate: number;
}

/** Turns gradients into steps, for all parameters in one vector. */
export interface Optimiser {
  /** @returns the parameters after the step, the caller's to dispose; the arguments stay the caller's */
  step(parameters: tf.Tensor1D, gradient: tf.Tensor1D): tf.Tensor1D;
  dispose(): void;
}

/** PyTorch's defaults. */
const beta1 = 0.9;
const beta2 = 0.999;
const epsilon = 1e-8;

export function createOptimiser(config: OptimiserConfig): Optimiser {
  if (config.kind === "sgd") return { step: (parameters, gradient) => tf.tidy(() => tf.sub(parameters, tf.mul(gradient, config.learningRate))), dispose() {} };
  return createAdam(config.learningRate, config.kind === "adam-amsgrad");
}

/**
 * Adam as `torch.optim.Adam` computes it: `p -= lr / (1 - b1^t) * m / (sqrt(s) / sqrt(1 - b2^t) + eps)` with s = v, or, with AMSGrad,
 * the largest raw v so far.
 */
function createAdam(learningRate: number, amsgrad: boolean): Optimiser {
  let t = 0;
  let moments: { m: tf.Tensor1D; v: tf.Tensor1D; largest?: tf.Tensor1D } | undefined;
  return {
    step: (parameters, gradient) =>
      tf.tidy(() => {
        t++;
        const past = moments;
        const m = blend(past?.m, gradient, beta1);
        const v = blend(past?.v, tf.square(gradient), beta2);
        const largest = amsgrad ? (past?.largest ? tf.maximum<tf.Tensor1D>(past.largest, v) : tf.clone(v)) : undefined;
        moments = { m: tf.keep(m), v: tf.keep(v), ...(largest && { largest: tf.keep(largest) }) };
        tf.dispose(past);

        const deviation = tf.add(tf.mul(tf.sqrt(largest ?? v), 1 / Math.sqrt(1 - beta2 ** t)), epsilon);
        return tf.sub(parameters, tf.mul(tf.div(m, deviation), learningRate / (1 - beta1 ** t)));
      }),
    dispose() {
      tf.dispose(moments);
      moments = undefined;
    },
  };
}

/** `beta * past + (1 - beta) * present`, with a past of zero before the first step. */
function blend(past: tf.Tensor1D | undefined, present: tf.Tensor1D, beta: number): tf.Tensor1D {
  const part = tf.mul<tf.Tensor1D>(present, 1 - beta);
  return past ? tf.add<tf.Tensor1D>(tf.mul(past, beta), part) : part;
}
