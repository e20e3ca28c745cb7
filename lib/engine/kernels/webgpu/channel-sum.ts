import * as tf from "@tensorflow/tfjs-core";
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { flatProgram, int32, sumParts } from "./part-sum";

/** Into how many parts the pixels are summed at first, and then those: enough threads at the start, short loops at the end. */
const firstParts = 2048;
const secondParts = 32;

/**
 * Sums and means over everything but the channels, as batch normalisation needs them. Those of the back end bring the whole tensor into
 * another order before they sum.
 * @param original the back end's kernel, which keeps doing every other sum
 */
export function channelReduction(original: tf.KernelConfig): tf.KernelConfig {
  return {
    ...original,
    kernelFunc: (call) => {
      const x = call.inputs.x as tf.TensorInfo;
      const { axis, keepDims } = call.attrs as unknown as { axis?: number | number[]; keepDims?: boolean };
      const axes = tf.util.parseAxisParam(axis ?? [], x.shape);
      const channels = x.shape[x.shape.length - 1];
      const pixels = tf.util.sizeFromShape(x.shape) / channels;
      const overPixels = x.shape.length === 4 && axes.length === 3 && !axes.includes(3);
      if (!overPixels || keepDims || x.dtype !== "float32" || pixels < firstParts) return original.kernelFunc(call);
      const gpu = call.backend as WebGPUBackend;
      const strided = flatProgram(
        "iopflChannelSum",
        [firstParts, channels],
        "x",
        "total : i32,",
        `
        for (var at = index; at < uniforms.total; at += uniforms.size) { sum += x[at]; }`,
      );
      const first = gpu.runWebGPUProgram(strided, [x], "float32", [int32(pixels * channels)]);
      const second = sumParts(gpu, first, [secondParts, channels], firstParts / secondParts);
      return sumParts(gpu, second, [channels], secondParts, original.kernelName === tf.Mean ? 1 / pixels : 1);
    },
  };
}
