import * as tf from "@tensorflow/tfjs-core";
import { batchNormReluTrainGradKernel, batchNormReluTrainKernel, registerBatchNormReluGradient } from "./batch-norm";
import type { OwnOperations } from "./tensorflow-routed";

/**
 * Batch normalisation with ReLU as an operation of our own, and its gradient as another (lib/engine/install/native/normalisation.cc): the
 * library's take four passes for normalising and two for the ReLU, and keep what lies between.
 */
export function registerTensorflowBatchNormRelu(): void {
  const { isUsingGpuDevice, binding } = tf.backend() as unknown as OwnOperations;
  if (isUsingGpuDevice || !binding.workbenchOperations) return;
  registerBatchNormReluGradient();
  tf.registerKernel({
    kernelName: batchNormReluTrainKernel,
    backendName: "tensorflow",
    kernelFunc({ inputs, backend, attrs }) {
      const { x, scale, offset } = inputs as Readonly<Record<string, tf.TensorInfo>>;
      const own = backend as unknown as OwnOperations;
      const epsilon = { name: "epsilon", type: own.binding.TF_ATTR_FLOAT, value: attrs?.epsilon };
      return own.executeMultipleOutputs("WorkbenchBatchNormRelu", [epsilon], [x, scale, offset], 4);
    },
  });
  tf.registerKernel({
    kernelName: batchNormReluTrainGradKernel,
    backendName: "tensorflow",
    kernelFunc({ inputs, backend }) {
      const { dy, x, scale, offset, mean, inverse } = inputs as Readonly<Record<string, tf.TensorInfo>>;
      return (backend as unknown as OwnOperations).executeMultipleOutputs("WorkbenchBatchNormReluGradient", [], [dy, x, scale, offset, mean, inverse], 3);
    },
  });
}
