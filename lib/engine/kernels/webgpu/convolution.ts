import * as tf from "@tensorflow/tfjs-core";
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { convolveSame, fitsFour } from "./same-convolution";

type Attributes = Pick<tf.FusedConv2DAttrs, "strides" | "pad" | "dataFormat" | "dilations" | "dimRoundingMode"> & {
  readonly activation?: string;
};

/**
 * A convolution of the back end, with bias and ReLU where it has them, done by our shader where that can.
 * @param original `Conv2D` or `FusedConv2D` of the back end, which keeps doing all others
 */
export function sameConvolutionKernel(original: tf.KernelConfig): tf.KernelConfig {
  return {
    ...original,
    kernelFunc: (call) => {
      const { x, filter, bias, preluActivationWeights } = call.inputs as Readonly<
        Record<string, tf.TensorInfo | undefined>
      >;
      const attributes = call.attrs as unknown as Attributes;
      const { activation = "linear" } = attributes;
      const known = activation === "linear" || activation === "relu";
      if (!x || !filter || preluActivationWeights || !known || !isSame(x, filter, attributes))
        return original.kernelFunc(call);
      if (bias && bias.shape.length !== 1) return original.kernelFunc(call);
      const gpu = call.backend as WebGPUBackend;
      const outputs = filter.shape[3];
      return tf.tidy(() => convolveSame(gpu, { x, filter, bias, outputs, relu: activation === "relu" }));
    },
  };
}

/** 3x3, stride 1, as large behind as before, of as many channels as the shader reads at once. */
function isSame(
  x: tf.TensorInfo,
  filter: tf.TensorInfo,
  { strides, pad, dataFormat, dilations, dimRoundingMode }: Attributes,
): boolean {
  const [height, width, inputs, outputs] = filter.shape;
  if (height !== 3 || width !== 3 || !fitsFour(inputs, outputs) || dataFormat !== "NHWC") return false;
  const { padInfo, ...info } = tf.backend_util.computeConv2DInfo(
    x.shape as [number, number, number, number],
    filter.shape as [number, number, number, number],
    strides,
    dilations,
    pad,
    dimRoundingMode,
  );
  const steps = [info.strideHeight, info.strideWidth, info.dilationHeight, info.dilationWidth];
  return [...steps, padInfo.top, padInfo.bottom, padInfo.left, padInfo.right].every((each) => each === 1);
}
