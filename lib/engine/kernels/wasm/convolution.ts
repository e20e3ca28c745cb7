import * as tf from "@tensorflow/tfjs-core";
import { convolve, shapeOf } from "./convolve";
import type { WasmBackend } from "./heap";
import type { WasmLibrary } from "./library";
import { withScratch } from "./scratch";

type Four = [number, number, number, number];

/**
 * Convolution, alone (`Conv2D`) or with a bias and ReLU (`FusedConv2D`), at twice the speed of the back end's.
 * @param original the back end's kernel, which keeps doing dilated ones and other activations
 */
export function convolutionKernel(library: WasmLibrary, original: tf.KernelConfig): tf.KernelConfig {
  return {
    ...original,
    kernelFunc: (call) => {
      const { x, filter, bias, preluActivationWeights } = call.inputs as Record<string, tf.TensorInfo | undefined> &
        Record<"x" | "filter", tf.TensorInfo>;
      const {
        strides,
        pad,
        dilations,
        dimRoundingMode,
        dataFormat,
        activation = "linear",
      } = call.attrs as unknown as tf.FusedConv2DAttrs;
      const info = tf.backend_util.computeConv2DInfo(
        x.shape as Four,
        filter.shape as Four,
        strides,
        dilations,
        pad as "same",
        dimRoundingMode,
      );
      const plain = info.dilationHeight === 1 && info.dilationWidth === 1 && dataFormat === "NHWC";
      const simple = (activation === "linear" || activation === "relu") && !preluActivationWeights;
      const channelwise = !bias || (bias.shape.length === 1 && bias.shape[0] === info.outChannels);
      if (!plain || !simple || !channelwise) return original.kernelFunc(call);
      const y = (call.backend as WasmBackend).makeOutput(info.outShape, "float32");
      withScratch(call.backend, (scratch) =>
        convolve(library, scratch, [x, filter, y], shapeOf(info), { bias, relu: activation === "relu" }),
      );
      return y;
    },
  };
}
