import { adamKernel, type AdamSettings } from "../adam";
import { diceSumsKernel, softmaxGradKernel, softmaxKernel } from "../softmax";
import { registerOwn } from "./own-operations";

/**
 * What stands behind the network in a step as operations of our own (lib/engine/install/native/softmax.cc, optimiser.cc): softmax, the sums of soft
 * Dice, and Adam. With few classes the library's sums and quotients over the last axis take as long as a convolution.
 */
export function registerObjective(): void {
  registerOwn(softmaxKernel, (own, { logits }) => own.executeSingleOutput("WorkbenchSoftmax", [], [logits]));
  registerOwn(softmaxGradKernel, (own, { p, dy }) => own.executeSingleOutput("WorkbenchSoftmaxGradient", [], [p, dy]));
  registerOwn(diceSumsKernel, (own, { p, y }) => own.executeSingleOutput("WorkbenchDiceSums", [], [p, y]));
  registerOwn(adamKernel, (own, { parameters, gradient, correction, rate, moment0, moment1, moment2 }, settings) => {
    const { beta1, beta2, epsilon } = settings as unknown as AdamSettings;
    const numbers = { past1: beta1, present1: 1 - beta1, past2: beta2, present2: 1 - beta2, epsilon };
    const attributes = Object.entries(numbers).map(([name, value]) => ({
      name,
      type: own.binding.TF_ATTR_FLOAT,
      value,
    }));
    const [operation, moments] = moment2
      ? (["WorkbenchAdamAmsgrad", [moment0, moment1, moment2]] as const)
      : (["WorkbenchAdam", [moment0, moment1]] as const);
    return own.executeMultipleOutputs(
      operation,
      attributes,
      [parameters, gradient, correction, rate, ...moments],
      1 + moments.length,
    );
  });
}
