import * as tf from "@tensorflow/tfjs-core";
import type { ConvolutionAttributes } from "../input-gradient";
import { viewsOf } from "./heap";

/**
 * The gradient of a convolution in its filter, which the back end lacks: the patches of each image as a matrix, times the upstream
 * gradient. The images' parts are summed in float64.
 */
export const wasmFilterGradKernel: tf.KernelConfig = {
  kernelName: tf.Conv2DBackpropFilter,
  backendName: "wasm",
  kernelFunc: ({ inputs, backend, attrs }) => {
    const { x, dy } = inputs as Record<string, tf.Tensor4D>;
    const { strides, pad, dimRoundingMode, filterShape } = attrs as unknown as ConvolutionAttributes;
    const info = tf.backend_util.computeConv2DInfo(x.shape, filterShape, strides, 1, pad, dimRoundingMode);
    const { batchSize, outHeight, outWidth, inChannels, outChannels, filterHeight, filterWidth } = info;
    const rows = filterHeight * filterWidth * inChannels;
    const pixels = outHeight * outWidth;
    const patches = viewsOf(backend, [x], { matrix: [batchSize, rows, pixels] });
    fillPatches(patches.views[0], patches.results.matrix, info);
    const matrix = tf.engine().makeTensorFromTensorInfo(patches.outputs.matrix);
    const parts = tf.tidy(() => tf.matMul(matrix, tf.reshape(dy, [batchSize, pixels, outChannels])));
    matrix.dispose();

    const { views, outputs, results } = viewsOf(backend, [parts], { gradient: filterShape });
    const size = results.gradient.length;
    for (let i = 0; i < size; i++) {
      let sum = 0;
      for (let position = i; position < views[0].length; position += size) sum += views[0][position];
      results.gradient[i] = sum;
    }
    parts.dispose();
    return outputs.gradient;
  },
};

/** Row (i, j, c) of an image's matrix holds, for every output pixel, the input at filter position (i, j) and channel c. */
function fillPatches(values: Float32Array, matrix: Float32Array, info: tf.backend_util.Conv2DInfo): void {
  const { batchSize, inHeight, inWidth, outHeight, outWidth, inChannels, filterHeight, filterWidth, strideHeight, strideWidth } = info;
  const { top, left } = info.padInfo;
  let target = 0;
  for (let image = 0; image < batchSize; image++) {
    for (let i = 0; i < filterHeight; i++) {
      for (let j = 0; j < filterWidth; j++) {
        for (let channel = 0; channel < inChannels; channel++) {
          for (let row = 0; row < outHeight; row++) {
            const y = row * strideHeight + i - top;
            const line = (image * inHeight + y) * inWidth;
            const inside = y >= 0 && y < inHeight;
            for (let column = 0; column < outWidth; column++, target++) {
              const x = column * strideWidth + j - left;
              matrix[target] = inside && x >= 0 && x < inWidth ? values[(line + x) * inChannels + channel] : 0;
            }
          }
        }
      }
    }
  }
}
