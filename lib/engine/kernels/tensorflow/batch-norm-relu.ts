import { batchNormReluTrainGradKernel, batchNormReluTrainKernel, registerBatchNormReluGradient } from "../batch-norm";
import { registerOwn } from "./own-operations";

/**
 * Batch normalisation with ReLU as an operation of our own, and its gradient as another (lib/engine/install/native/normalisation.cc): the
 * library's take four passes for normalising and two for the ReLU, and keep what lies between.
 */
export function registerBatchNormRelu(): void {
  registerBatchNormReluGradient();
  registerOwn(batchNormReluTrainKernel, (own, { x, scale, offset }, { epsilon }) =>
    own.executeMultipleOutputs(
      "WorkbenchBatchNormRelu",
      [{ name: "epsilon", type: own.binding.TF_ATTR_FLOAT, value: epsilon }],
      [x, scale, offset],
      4,
    ),
  );
  registerOwn(batchNormReluTrainGradKernel, (own, { dy, x, scale, offset, mean, inverse }) =>
    own.executeMultipleOutputs("WorkbenchBatchNormReluGradient", [], [dy, x, scale, offset, mean, inverse], 3),
  );
}
