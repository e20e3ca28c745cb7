import * as tf from "@tensorflow/tfjs-core";
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";

/** What the back end runs on the card; its types are not exported by name. */
export type Program = Parameters<WebGPUBackend["runWebGPUProgram"]>[0];

/** Numbers that a program finds among its uniforms. */
export function int32(...data: number[]): { type: string; data: number[] } {
  return { type: "int32", data };
}

const threads = 64;

/**
 * Sums `count` parts that follow each other in memory, in their order, and multiplies by a factor. Disposes of the parts.
 * @param shape of one part, and of the result
 */
export function sumParts(
  gpu: WebGPUBackend,
  parts: tf.TensorInfo,
  shape: readonly number[],
  count: number,
  factor = 1,
): tf.TensorInfo {
  const program = flatProgram(
    "iopflPartSum",
    shape,
    "parts",
    "count : i32, factor : f32,",
    `
    for (var part = 0; part < uniforms.count; part++) { sum += parts[part * uniforms.size + index]; }
    sum *= uniforms.factor;`,
  );
  const sum = gpu.runWebGPUProgram(program, [parts], "float32", [int32(count), { type: "float32", data: [factor] }]);
  gpu.disposeData(parts.dataId);
  return sum;
}

/**
 * A program in which each thread computes one number of the result.
 * @param body adds to `sum`, knowing `index` and the input by its name
 */
export function flatProgram(
  shaderKey: string,
  shape: readonly number[],
  input: string,
  uniforms: string,
  body: string,
): Program {
  return {
    shaderKey,
    outputShape: [...shape],
    variableNames: [input],
    uniforms,
    workgroupSize: [threads, 1, 1],
    dispatchLayout: { x: shape.map((_, axis) => axis) },
    dispatch: [Math.ceil(tf.util.sizeFromShape([...shape]) / threads), 1, 1],
    size: true,
    getUserCode: () => `
      fn main(index : i32) {
        if (index < uniforms.size) {
          var sum = 0.0;
          ${body}
          setOutputAtIndex(index, sum);
        }
      }`,
  } as Program;
}
