import * as tf from "@tensorflow/tfjs-core";
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import type { ConvolutionAttributes } from "../input-gradient";
import { patchProducts, patchBlocks } from "./patch-products";
import { fitsFour } from "./same-convolution";
import { blocksOf, sameFilterGradientParts } from "./same-filter-gradient";
import { sumParts } from "./sums";

/** Workgroups that keep a large card busy: where the filter has fewer blocks, the lines of the images are shared out. */
const wantedWorkgroups = 2048;

/**
 * The gradient of a convolution in its filter. The one of the back end gives each number of the filter to one thread, which walks through
 * all pixels alone: 95 % of a training step at 5x384x384 with 32 features. The parts are summed in a fixed order, so that a rerun gives the
 * same bytes.
 */
export const webgpuFilterGradKernel: tf.KernelConfig = {
  kernelName: tf.Conv2DBackpropFilter,
  backendName: "webgpu",
  kernelFunc: ({ inputs, backend, attrs }) => {
    const { x, dy } = inputs as Record<string, tf.Tensor4D>;
    const { strides, pad, dimRoundingMode, filterShape } = attrs as unknown as ConvolutionAttributes;
    const info = tf.backend_util.computeConv2DInfo(x.shape, filterShape, strides, 1, pad, dimRoundingMode);
    const gpu = backend as WebGPUBackend;
    return tf.tidy(() => sumParts(gpu, filterGradientParts(gpu, x, dy, info), filterShape));
  },
};

/** @returns `[part, sample, ...filter]`, of every sample in as many parts: their sum is the gradient, a sample's sum its own; tracked by `tf.tidy` */
export function filterGradientParts(
  gpu: WebGPUBackend,
  x: tf.TensorInfo,
  dy: tf.TensorInfo,
  info: tf.backend_util.Conv2DInfo,
): tf.Tensor {
  const { filterHeight, filterWidth, strideHeight, strideWidth, padInfo, inChannels, outChannels } = info;
  const same =
    [filterHeight, filterWidth].every((side) => side === 3) &&
    [strideHeight, strideWidth, padInfo.top, padInfo.left, padInfo.bottom, padInfo.right].every((each) => each === 1);
  const tiled = same && fitsFour(inChannels, outChannels);
  const blocks = tiled
    ? blocksOf(inChannels, outChannels)
    : patchBlocks(filterHeight * filterWidth * inChannels, outChannels);
  const lines = info.outHeight;
  const parts = Math.min(lines, Math.ceil(wantedWorkgroups / blocks / info.batchSize));
  const share = Math.ceil(lines / parts);
  return tiled ? sameFilterGradientParts(gpu, x, dy, share) : patchProducts(gpu, x, dy, info, share);
}
