import * as tf from "@tensorflow/tfjs-core";
import type { ProgramBody } from "./program-body";
import { programRecorders } from "./program-recorders";

/**
 * Runs a function of tensors, as one operation of the engine where the engine can do that (TensorFlow and WebGPU: thousands of calls
 * become one, and every buffer is reused as soon as its last reader is done), and step by step elsewhere, with the same results.
 *
 * The body is run once for each key and shapes of inputs; what it does then is what every later call does. So it depends on its inputs
 * alone: numbers that vary from call to call are tensors among them, it reads no values, and whatever else it closes over is named by
 * the key. Every tensor that it returns is a new one, and none of them can be differentiated.
 * @param key names the function: equal keys mean equal functions
 * @returns the results, the caller's to dispose; the inputs stay the caller's
 */
export function runProgram(key: string, body: ProgramBody, inputs: readonly tf.Tensor[]): tf.Tensor[] {
  const recorded = programRecorders.get(tf.getBackend())?.(key, body, inputs);
  return recorded ? recorded() : tf.tidy(() => body(inputs));
}
