import * as tf from "@tensorflow/tfjs-core";
import { runProgram } from "../../engine";
import { createOptimiser, type OptimiserConfig } from "./optimisers";

/** What one step needs to know: the gradient at a vector of parameters, and whatever else is to come out of the step. */
export type GradientOf = (
  vector: tf.Tensor1D,
  inputs: readonly tf.Tensor[],
) => { readonly gradient: tf.Tensor1D; readonly results: readonly tf.Tensor[] };

/** A vector of parameters under an optimiser. Keeps tensors, whatever `tf.tidy` it is used in, until it is disposed of. */
export interface Descent {
  /** The parameters as they are now; the descent's to dispose. */
  vector(): tf.Tensor1D;
  /**
   * Goes one step, as one program of the engine: see `runProgram` for what the key has to name and what `gradientOf` may do.
   * @returns the results beside the gradient, the caller's to dispose
   */
  step(key: string, gradientOf: GradientOf, inputs: readonly tf.Tensor[]): tf.Tensor[];
  /** Puts other parameters in place of these; the moments stay. @param vector is taken over */
  replace(vector: tf.Tensor1D): void;
  dispose(): void;
}

/** @param start is taken over */
export function createDescent(config: OptimiserConfig, start: tf.Tensor1D): Descent {
  const optimiser = createOptimiser(config);
  const name = config.kind;
  const count = 1 + optimiser.moments;
  let held: tf.Tensor1D[] = [start, ...Array.from({ length: optimiser.moments }, () => tf.zerosLike(start))].map(
    (tensor) => tf.keep(tensor),
  );
  let steps = 0;
  return {
    vector: () => held[0],
    step(key, gradientOf, inputs) {
      const factors = optimiser.factors(++steps).map((factor) => tf.scalar(factor));
      const body = (all: readonly tf.Tensor[]): tf.Tensor[] => {
        const [vector, ...moments] = all.slice(0, count) as tf.Tensor1D[];
        const { gradient, results } = gradientOf(vector, all.slice(count + factors.length));
        return [
          ...optimiser.step(vector, gradient, moments, all.slice(count, count + factors.length) as tf.Scalar[]),
          ...results,
        ];
      };
      const after = runProgram(`${key} ${name}`, body, [...held, ...factors, ...inputs]);
      tf.dispose([...held, ...factors]);
      held = after.slice(0, count).map((tensor) => tf.keep(tensor as tf.Tensor1D));
      return after.slice(count);
    },
    replace(vector) {
      held[0].dispose();
      held = [tf.keep(vector), ...held.slice(1)];
    },
    dispose: () => tf.dispose(held),
  };
}
