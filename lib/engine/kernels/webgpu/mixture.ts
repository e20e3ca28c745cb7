import type * as tf from "@tensorflow/tfjs-core";
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { compute } from "./compute";
import { sumParts } from "./sums";

/** Threads for one product of a gate with an expert: enough for millions of weights. */
const mostParts = 4096;

/**
 * What a gate makes of experts, for every sample: `gate x experts`, of millions of columns.
 * @param gate `[sample, expert]` @param experts `[expert, number]` @returns `[sample, number]`, tracked by `tf.tidy`
 */
export function mixExperts(gpu: WebGPUBackend, gate: tf.TensorInfo, experts: tf.TensorInfo): tf.Tensor {
  const [count, numbers] = experts.shape;
  return compute(gpu, {
    key: "mix experts",
    inputs: { gate, experts },
    shape: [gate.shape[0], numbers],
    integers: { count, numbers },
    body: `
          let sample = index / uniforms.numbers;
          let number = index % uniforms.numbers;
          var sum = 0.0;
          for (var expert = 0; expert < uniforms.count; expert++) {
            sum += gate[sample * uniforms.count + expert] * experts[expert * uniforms.numbers + number];
          }
          result[index] = sum;`,
  });
}

/**
 * The gradient of `mixExperts` in the gate.
 * @param dMixed `[sample, number]` @returns `[sample, expert]`, tracked by `tf.tidy`
 */
export function mixGateGradient(gpu: WebGPUBackend, dMixed: tf.TensorInfo, experts: tf.TensorInfo): tf.Tensor {
  const [count, numbers] = experts.shape;
  const [samples] = dMixed.shape;
  const parts = Math.min(numbers, mostParts);
  const products = compute(gpu, {
    key: "mix gate gradient",
    inputs: { dMixed, experts },
    shape: [parts, samples, count],
    integers: { count, numbers, parts, pairs: samples * count },
    body: `
          let part = index % uniforms.parts;
          let pair = index / uniforms.parts;
          let above = (pair / uniforms.count) * uniforms.numbers;
          let beside = (pair % uniforms.count) * uniforms.numbers;
          var sum = 0.0;
          for (var at = part; at < uniforms.numbers; at += uniforms.parts) { sum += dMixed[above + at] * experts[beside + at]; }
          result[part * uniforms.pairs + pair] = sum;`,
  });
  return sumParts(gpu, products, [samples, count]);
}

/**
 * Filters of a 3x3 convolution for its gradient in the input: turned by half, with input and output channels exchanged.
 * @param filters `[sample, 3 x 3 x in x out]` @returns the same of `[3, 3, out, in]`, tracked by `tf.tidy`
 */
export function turnFilters(gpu: WebGPUBackend, filters: tf.TensorInfo, inputs: number, outputs: number): tf.Tensor {
  return compute(gpu, {
    key: "turn filters",
    inputs: { filters },
    shape: filters.shape,
    integers: { inputs, outputs },
    body: `
          let input = index % uniforms.inputs;
          let output = (index / uniforms.inputs) % uniforms.outputs;
          let position = index / (uniforms.inputs * uniforms.outputs);
          let turned = position / 9 * 9 + 8 - position % 9;
          result[index] = filters[(turned * uniforms.inputs + input) * uniforms.outputs + output];`,
  });
}
