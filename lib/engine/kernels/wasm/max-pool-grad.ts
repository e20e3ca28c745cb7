import * as tf from "@tensorflow/tfjs-core";
import { viewsOf } from "./heap";

interface PoolAttributes {
  readonly filterSize: [number, number] | number;
  readonly strides: [number, number] | number;
  readonly pad: "valid" | "same" | number;
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
}

/**
 * The gradient of max-pooling. The one that the back end brings loses every window whose maximum is negative. A tie goes to the
 * first maximum in row-major order, as in PyTorch and TensorFlow.
 */
export const wasmMaxPoolGradKernel: tf.KernelConfig = {
  kernelName: tf.MaxPoolGrad,
  backendName: "wasm",
  kernelFunc: ({ inputs, backend, attrs }) => {
    const { dy, input } = inputs as Record<string, tf.TensorInfo>;
    const { filterSize, strides, pad, dimRoundingMode } = attrs as unknown as PoolAttributes;
    const info = tf.backend_util.computePool2DInfo(input.shape as [number, number, number, number], filterSize, strides, 1, pad, dimRoundingMode);
    const { views, outputs, results } = viewsOf(backend, [dy, input], { dx: input.shape });
    const [upstream, values] = views;
    const { batchSize, inHeight, inWidth, outHeight, outWidth, inChannels: channels, filterHeight, filterWidth } = info;
    const gradient = results.dx.fill(0);
    let target = 0;
    for (let image = 0; image < batchSize; image++) {
      const start = image * inHeight * inWidth;
      for (let row = 0; row < outHeight; row++) {
        const top = Math.max(0, row * info.strideHeight - info.padInfo.top);
        const bottom = Math.min(inHeight, row * info.strideHeight - info.padInfo.top + filterHeight);
        for (let column = 0; column < outWidth; column++) {
          const left = Math.max(0, column * info.strideWidth - info.padInfo.left);
          const right = Math.min(inWidth, column * info.strideWidth - info.padInfo.left + filterWidth);
          for (let channel = 0; channel < channels; channel++, target++) {
            let best = (start + top * inWidth + left) * channels + channel;
            for (let y = top; y < bottom; y++) {
              let position = (start + y * inWidth + left) * channels + channel;
              for (let x = left; x < right; x++, position += channels) if (values[position] > values[best]) best = position;
            }
            gradient[best] += upstream[target];
          }
        }
      }
    }
    return outputs.dx;
  },
};
