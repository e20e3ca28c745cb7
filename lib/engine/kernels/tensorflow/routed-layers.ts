import * as tf from "@tensorflow/tfjs-core";
import { registerSigmoidGateGradient, sigmoidGateGradKernel, sigmoidGateKernel } from "../gate";
import {
  joinedMeanGradKernel,
  joinedMeanKernel,
  pixelMeanGradKernel,
  pixelMeanKernel,
  registerPixelMeanGradient,
} from "../mean-over-pixels";
import {
  mixedConvolutionKernel,
  mixedGateGradKernel,
  mixedInputGradKernel,
  registerMixedConvolutionGradient,
} from "../mixed-convolution";
import { registerOwn } from "./own-operations";

/**
 * What routed layers are made of as operations of our own (lib/engine/install/native/mixed-convolution.cc, pixel-mean.cc, gate.cc). TensorFlow
 * convolves one sample after the other: what stands round a call of its library takes longer than the call, and where there is no AVX-512,
 * so does the call.
 */
export function registerRoutedLayers(): void {
  registerMixedConvolutionGradient();
  registerPixelMeanGradient();
  registerSigmoidGateGradient();
  registerOwn(pixelMeanKernel, (own, { x }) => own.executeMultipleOutputs("WorkbenchPixelMean", [], [x], 2));
  registerOwn(pixelMeanGradKernel, (own, { mean, image }) =>
    own.executeSingleOutput("WorkbenchPixelMeanGradient", [], [mean, image]),
  );
  registerOwn(joinedMeanKernel, (own, { first, second }) =>
    own.executeMultipleOutputs("WorkbenchJoinedMean", [], [first, second], 2),
  );
  registerOwn(joinedMeanGradKernel, (own, { mean, image, first }) =>
    own.executeMultipleOutputs("WorkbenchJoinedMeanGradient", [], [mean, image, first], 2),
  );
  registerOwn(sigmoidGateKernel, (own, { mean, dropout, first, firstBias, second, secondBias }) =>
    own.executeMultipleOutputs("WorkbenchGate", [], [mean, dropout, first, firstBias, second, secondBias], 2),
  );
  registerOwn(sigmoidGateGradKernel, (own, { dy, gate, hidden, mean, dropout, first, second }) =>
    own.executeMultipleOutputs("WorkbenchGateGradient", [], [dy, gate, hidden, mean, dropout, first, second], 5),
  );
  registerOwn(mixedConvolutionKernel, (own, { x, gate, kernels, biases }, attributes) => {
    const operation = attributes.transposed ? "WorkbenchMixedTransposedConvolution" : "WorkbenchMixedConvolution";
    return withBank(kernels, attributes, (bank) =>
      own.executeMultipleOutputs(operation, [], [x, gate, bank, biases], 2),
    );
  });
  registerOwn(mixedInputGradKernel, (own, { x, dy, mixed }) =>
    own.executeSingleOutput("WorkbenchMixedInputGradient", [], [x, dy, mixed]),
  );
  registerOwn(mixedGateGradKernel, (own, { gate, x, dy, kernels, biases }, attributes) =>
    withBank(kernels, attributes, (bank) =>
      own.executeSingleOutput("WorkbenchMixedGateGradient", [], [gate, x, dy, bank, biases]),
    ),
  );
}

/** Hands on the experts `[expert, number]` as `[expert, kh, kw, channel, channel]`, from which the operations know their sizes. */
function withBank<Result>(
  experts: tf.TensorInfo,
  { kernel }: tf.NamedAttrMap,
  use: (bank: tf.Tensor) => Result,
): Result {
  const bank = tf.reshape(experts as tf.Tensor, [experts.shape[0], ...(kernel as number[])]);
  const result = use(bank);
  bank.dispose();
  return result;
}
