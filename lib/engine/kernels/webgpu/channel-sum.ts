import * as tf from "@tensorflow/tfjs-core";
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { pixelSums } from "./sums";

/** Fewer pixels are left to the back end, which then needs one call. */
const fewPixels = 2048;

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
      if (!overPixels || keepDims || x.dtype !== "float32" || pixels < fewPixels) return original.kernelFunc(call);
      const factor = original.kernelName === tf.Mean ? 1 / pixels : 1;
      return tf.tidy(() => tf.reshape(sumOf(call.backend as WebGPUBackend, x, 1, factor), [channels]));
    },
  };
}

/**
 * Sums over pixels, of all samples together or of each alone.
 * @param x `[batch, height, width, channel]` @param samples 1 or the batch
 * @returns `[1, samples, channel]`
 */
export function sumOf(gpu: WebGPUBackend, x: tf.TensorInfo, samples: number, factor: number): tf.Tensor {
  const channels = x.shape[3];
  const pixels = tf.util.sizeFromShape(x.shape) / channels / samples;
  return pixelSums(gpu, { key: "plain", inputs: { x }, samples, pixels, channels, terms: ["x[at]"], factor });
}
