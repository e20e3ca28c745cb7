import * as tf from "@tensorflow/tfjs-core";
import type { OwnOperations } from "./tensorflow-routed";

/**
 * Max-pooling by halves and the gradient of max-pooling as operations of our own (lib/engine/install/native/pooling.cc). The library's gradient goes
 * through single numbers and takes ten times as long.
 */
export function registerTensorflowPooling(): void {
  const { isUsingGpuDevice, binding } = tf.backend() as unknown as OwnOperations;
  if (isUsingGpuDevice || !binding.workbenchOperations) return;
  const { kernelFunc: libraryPool } = tf.getKernel(tf.MaxPool, "tensorflow");
  replace(tf.MaxPool, (call) => {
    const { filterHeight, filterWidth, strideHeight, strideWidth, padInfo, inHeight, inWidth } = geometry(call.inputs.x as tf.TensorInfo, call.attrs);
    const half = [filterHeight, filterWidth, strideHeight, strideWidth].every((each) => each === 2) && padInfo.type === "VALID" && inHeight % 2 === 0 && inWidth % 2 === 0;
    if (!half || call.inputs.x?.dtype !== "float32") return libraryPool(call);
    return (call.backend as unknown as OwnOperations).executeSingleOutput("WorkbenchMaxPoolHalf", [], [call.inputs.x]);
  });
  replace(tf.MaxPoolGrad, ({ inputs, backend, attrs }) => {
    const { dy, input, output } = inputs as Readonly<Record<string, tf.TensorInfo>>;
    const { filterHeight, filterWidth, strideHeight, strideWidth, padInfo } = geometry(input, attrs);
    const window = [filterHeight, filterWidth, strideHeight, strideWidth, padInfo.top, padInfo.left];
    const own = backend as unknown as OwnOperations;
    return own.executeSingleOutput("WorkbenchMaxPoolGradient", [{ name: "window", type: binding.TF_ATTR_INT, value: window }], [input, output, dy]);
  });
}

function replace(kernelName: string, kernelFunc: tf.KernelFunc): void {
  tf.unregisterKernel(kernelName, "tensorflow");
  tf.registerKernel({ kernelName, backendName: "tensorflow", kernelFunc });
}

function geometry(input: tf.TensorInfo, attributes: tf.NamedAttrMap | undefined): ReturnType<typeof tf.backend_util.computePool2DInfo> {
  const { filterSize, strides, pad, dimRoundingMode } = attributes as unknown as tf.MaxPoolGradAttrs;
  return tf.backend_util.computePool2DInfo(input.shape as [number, number, number, number], filterSize, strides, 1, pad, dimRoundingMode);
}
