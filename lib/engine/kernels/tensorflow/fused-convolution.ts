import * as tf from "@tensorflow/tfjs-core";
import type { Attribute, TensorflowBackend } from "./backend";
import { ownConvolution } from "./own-convolution";
import { hasOwnOperations } from "./own-operations";

type Attributes = Pick<
  tf.FusedConv2DAttrs,
  "strides" | "pad" | "dataFormat" | "dilations" | "dimRoundingMode" | "activation"
>;

/**
 * A convolution with its bias and ReLU: one operation of our own, or those that the library melts into one. TF.js adds the bias with a
 * broadcast sum, which it does not recognise.
 */
export const fusedConvolutionKernel: tf.KernelConfig = {
  kernelName: tf.FusedConv2D,
  backendName: "tensorflow",
  kernelFunc({ inputs, backend, attrs }) {
    const { strides, pad, dataFormat, dilations, dimRoundingMode, activation } = attrs as unknown as Attributes;
    const { x, filter, bias, preluActivationWeights } = inputs as Record<string, tf.Tensor4D | undefined>;
    if (dataFormat !== "NHWC" || preluActivationWeights || !(activation === "linear" || activation === "relu")) {
      throw new Error(`no convolution is fused with ${activation} in ${dataFormat}`);
    }
    const tensorflow = backend as unknown as TensorflowBackend;
    const own =
      bias &&
      x &&
      filter &&
      hasOwnOperations() &&
      ownConvolution("value", x.shape, filter.shape, { strides, pad, dilations, dimRoundingMode });
    if (own)
      return tensorflow.executeSingleOutput(`${own}Bias${activation === "relu" ? "Relu" : ""}`, [], [x, filter, bias]);
    const { binding } = tensorflow;
    const type = { name: "T", type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT };
    const format = { name: "data_format", type: binding.TF_ATTR_STRING, value: dataFormat };
    const steps: tf.TensorInfo[] = [
      tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, strides, pad, dataFormat, dilations, dimRoundingMode),
    ];
    const then = (operation: string, attributes: Attribute[], more: tf.TensorInfo[] = []) =>
      void steps.push(tensorflow.executeSingleOutput(operation, attributes, [steps[steps.length - 1], ...more]));
    if (bias) then("BiasAdd", [type, format], [bias]);
    if (activation === "relu") then("Relu", [type]);
    const result = steps.pop() as tf.Tensor;
    tf.dispose(steps as tf.Tensor[]);
    return result;
  },
};
