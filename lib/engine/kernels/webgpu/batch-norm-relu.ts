import * as tf from "@tensorflow/tfjs-core";
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { batchNormReluTrainGradKernel, batchNormReluTrainKernel, registerBatchNormReluGradient } from "../batch-norm";
import { sumOf } from "./channel-sum";
import { compute } from "./compute";
import { pixelSums } from "./sums";

/** The normalised value behind ReLU's cut; forwards and backwards must agree on where that is. */
const normalised = `((x[index] - mean[channel]) * (inverse[channel] * scale[channel]) + offset[channel])`;
const upstream = `select(0.0, dy[index], ${normalised} > 0.0)`;

/**
 * Batch normalisation with ReLU and its gradient: the statistics, then one pass that reads `x` once and writes once. In ordinary operations
 * each was a dozen passes, of which most are kept for the gradient.
 */
export function registerBatchNormRelu(): void {
  registerBatchNormReluGradient();
  tf.registerKernel({
    kernelName: batchNormReluTrainKernel,
    backendName: "webgpu",
    kernelFunc: ({ inputs, backend, attrs }) =>
      tf.tidy(() => forwards(backend as WebGPUBackend, inputs, attrs?.epsilon as number)),
  });
  tf.registerKernel({
    kernelName: batchNormReluTrainGradKernel,
    backendName: "webgpu",
    kernelFunc: ({ inputs, backend }) => tf.tidy(() => backwards(backend as WebGPUBackend, inputs)),
  });
}

/** @returns `y`, the batch's mean, its unbiased variance, and the inverse deviation */
function forwards(gpu: WebGPUBackend, { x, scale, offset }: tf.NamedTensorInfoMap, epsilon: number): tf.Tensor[] {
  if (!x || !scale || !offset) throw new RangeError("batch normalisation has three inputs");
  const channels = scale.shape[0];
  const pixels = tf.util.sizeFromShape(x.shape) / channels;
  const mean = tf.reshape(sumOf(gpu, x, 1, 1 / pixels), [channels]);
  // Around the mean, in a second pass: sums of squares around zero would lose the digits of a small variance.
  const biased = tf.reshape(
    pixelSums(gpu, {
      key: "squares",
      inputs: { x, mean },
      samples: 1,
      pixels,
      channels,
      terms: ["(x[at] - mean[channel]) * (x[at] - mean[channel])"],
      factor: 1 / pixels,
    }),
    [channels],
  );
  const inverse = tf.rsqrt(tf.add(biased, epsilon));
  const y = compute(gpu, {
    key: "normalise relu",
    inputs: { x, mean, inverse, scale, offset },
    shape: x.shape,
    integers: { channels },
    body: `
          let channel = index % uniforms.channels;
          result[index] = max(0.0, ${normalised});`,
  });
  return [y, mean, tf.mul(biased, pixels / Math.max(1, pixels - 1)), inverse];
}

/** @returns the gradients in `x`, `scale` and `offset` */
function backwards(gpu: WebGPUBackend, inputs: tf.NamedTensorInfoMap): tf.Tensor[] {
  const { dy, x, mean, inverse, scale, offset } = inputs as Readonly<Record<string, tf.TensorInfo>>;
  const channels = scale.shape[0];
  const pixels = tf.util.sizeFromShape(x.shape) / channels;
  const all = { dy, x, mean, inverse, scale, offset };
  const at = upstream.replaceAll("[index]", "[at]");
  const sums = pixelSums(gpu, {
    key: "normalise relu gradient",
    inputs: all,
    samples: 1,
    pixels,
    channels,
    terms: [`${at} * ((x[at] - mean[channel]) * inverse[channel])`, at],
  });
  const dx = compute(gpu, {
    key: "normalise relu gradient",
    inputs: { ...all, sums },
    shape: x.shape,
    integers: { channels },
    floats: { share: 1 / pixels },
    body: `
          let channel = index % uniforms.channels;
          let along = (x[index] - mean[channel]) * inverse[channel];
          let joint = sums[uniforms.channels + channel] + along * sums[channel];
          result[index] = (${upstream} - joint * uniforms.share) * (scale[channel] * inverse[channel]);`,
  });
  const [dScale, dOffset] = tf.split(tf.reshape(sums, [2 * channels]), 2);
  return [dx, dScale, dOffset];
}
