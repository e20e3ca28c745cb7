import type * as tf from "@tensorflow/tfjs-core";

/** A function of tensors and nothing else: see `runProgram`. */
export type ProgramBody = (inputs: readonly tf.Tensor[]) => tf.Tensor[];
