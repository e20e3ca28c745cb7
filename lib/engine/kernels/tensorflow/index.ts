import * as tf from "@tensorflow/tfjs-core";
import { batchNormTrainGradKernel, batchNormTrainKernel, registerBatchNormGradient } from "../batch-norm";
import { registerReluGradient, reluGradKernel } from "../relu";
import type { Attribute, TensorflowBackend } from "./backend";
import { registerBatchNormRelu } from "./batch-norm-relu";
import { registerComposed } from "./composed";
import { registerConvolutions } from "./convolutions";
import { fusedConvolutionKernel } from "./fused-convolution";
import { registerObjective } from "./objective";
import { hasOwnOperations } from "./own-operations";
import { registerPooling } from "./pooling";
import { registerRoutedLayers } from "./routed-layers";

const backendName = "tensorflow";

/** Registers TensorFlow's fused kernels, which TF.js does not expose, and operations of our own where there are any. */
export function registerTensorflowKernels(): void {
  registerBatchNormGradient();
  registerReluGradient();
  if (tf.getKernel(reluGradKernel, backendName)) return;

  if (hasOwnOperations()) {
    registerConvolutions();
    registerComposed();
    registerPooling();
    registerBatchNormRelu();
    registerObjective();
    registerRoutedLayers();
  }
  if (tf.getKernel(tf.FusedConv2D, backendName)) tf.unregisterKernel(tf.FusedConv2D, backendName);
  tf.registerKernel(fusedConvolutionKernel);

  tf.registerKernel({
    kernelName: reluGradKernel,
    backendName,
    kernelFunc: ({ inputs, backend }) => {
      const tensorflow = backend as unknown as TensorflowBackend;
      const { binding } = tensorflow;
      return tensorflow.executeSingleOutput(
        "ReluGrad",
        [{ name: "T", type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT }],
        [inputs.dy, inputs.y],
      );
    },
  });

  tf.registerKernel({
    kernelName: batchNormTrainKernel,
    backendName,
    kernelFunc: ({ inputs, backend, attrs }) => {
      const tensorflow = backend as unknown as TensorflowBackend;
      // Running statistics are folded by the caller; the operation is handed none.
      const none = tf.tensor1d([]);
      const outputs = tensorflow.executeMultipleOutputs(
        "FusedBatchNormV3",
        batchNormAttributes(tensorflow, attrs?.epsilon as number),
        [inputs.x, inputs.scale, inputs.offset, none, none],
        6,
      );
      none.dispose();
      return outputs;
    },
  });

  tf.registerKernel({
    kernelName: batchNormTrainGradKernel,
    backendName,
    kernelFunc: ({ inputs, backend, attrs }) => {
      const tensorflow = backend as unknown as TensorflowBackend;
      const [dx, dScale, dOffset, ...unused] = tensorflow.executeMultipleOutputs(
        "FusedBatchNormGradV3",
        batchNormAttributes(tensorflow, attrs?.epsilon as number),
        [inputs.dy, inputs.x, inputs.scale, inputs.reserved0, inputs.reserved1, inputs.reserved2],
        5,
      );
      tf.dispose(unused as tf.Tensor[]);
      return [dx, dScale, dOffset];
    },
  });
}

function batchNormAttributes({ binding }: TensorflowBackend, epsilon: number): Attribute[] {
  return [
    { name: "T", type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
    { name: "U", type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
    { name: "epsilon", type: binding.TF_ATTR_FLOAT, value: epsilon },
    { name: "data_format", type: binding.TF_ATTR_STRING, value: "NHWC" },
    { name: "is_training", type: binding.TF_ATTR_BOOL, value: true },
  ];
}
