import * as tf from "@tensorflow/tfjs-core";
import type { ConvolutionAttributes } from "../input-gradient";
import type { WasmBackend } from "./heap";
import type { WasmLibrary } from "./library";
import { withScratch } from "./scratch";
import { inWholeVectors, roundUp } from "./whole-vectors";

/** The gradient of a convolution in its filter, which the back end lacks. A hundred pixels are summed in float32, these sums in float64. */
export function filterGradKernel(library: WasmLibrary): tf.KernelConfig {
  return {
    kernelName: tf.Conv2DBackpropFilter,
    backendName: "wasm",
    kernelFunc: ({ inputs, backend, attrs }) => {
      const { x, dy } = inputs as Record<string, tf.Tensor4D>;
      const { strides, pad, dimRoundingMode, filterShape } = attrs as unknown as ConvolutionAttributes;
      const info = tf.backend_util.computeConv2DInfo(x.shape, filterShape, strides, 1, pad, dimRoundingMode);
      const {
        batchSize,
        inHeight,
        inWidth,
        inChannels,
        outHeight,
        outWidth,
        outChannels,
        filterHeight,
        filterWidth,
        padInfo,
      } = info;
      const positions = filterHeight * filterWidth;
      const [wideIn, wideOut] = [roundUp(inChannels), roundUp(outChannels)];
      const gradient = (backend as WasmBackend).makeOutput(filterShape, "float32");
      withScratch(backend, (scratch) => {
        const totals = scratch.floats(2 * positions * wideIn * wideOut);
        library.filterGradient(
          ...[inWholeVectors(library, scratch, x), inWholeVectors(library, scratch, dy), totals],
          ...[batchSize, inHeight, inWidth, wideIn, outHeight, outWidth, wideOut],
          ...[filterHeight, filterWidth, info.strideHeight, info.strideWidth, padInfo.top, padInfo.left],
        );
        library.demoteTotals(totals, scratch.addressOf(gradient), positions, inChannels, outChannels, wideIn, wideOut);
      });
      return gradient;
    },
  };
}
