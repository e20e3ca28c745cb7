import * as tf from "@tensorflow/tfjs-core";
import { registerSigmoidGateGradient, sigmoidGateGradKernel, sigmoidGateKernel } from "./gate";
import { joinedMeanGradKernel, joinedMeanKernel, pixelMeanGradKernel, pixelMeanKernel, registerPixelMeanGradient } from "./mean-over-pixels";
import { mixedConvolutionKernel, mixedGateGradKernel, mixedInputGradKernel, registerMixedConvolutionGradient } from "./mixed-convolution";

export interface OwnOperations {
  readonly isUsingGpuDevice: boolean;
  /** Of the addon that is compiled here, where the processor can run its operations; the official addon has none. */
  readonly binding: { readonly workbenchOperations?: boolean; readonly TF_ATTR_INT: number; readonly TF_ATTR_FLOAT: number };
  executeSingleOutput(operation: string, attributes: readonly object[], inputs: readonly tf.TensorInfo[]): tf.TensorInfo;
  executeMultipleOutputs(operation: string, attributes: readonly object[], inputs: readonly tf.TensorInfo[], outputs: number): tf.TensorInfo[];
}

/**
 * Registers what routed layers are made of as operations of our own (lib/engine/install/native/mixed-convolution.cc, pixel-mean.cc,
 * gate.cc). TensorFlow convolves one sample after the other: what stands round a call of its library takes longer than the call, and where there is no AVX-512, so does the call.
 */
export function registerTensorflowRoutedLayers(): void {
  const { isUsingGpuDevice, binding } = tf.backend() as unknown as OwnOperations;
  if (isUsingGpuDevice || !binding.workbenchOperations || tf.getKernel(mixedConvolutionKernel, "tensorflow")) return;
  registerMixedConvolutionGradient();
  registerPixelMeanGradient();
  registerSigmoidGateGradient();
  register(pixelMeanKernel, (backend, { x }) => backend.executeMultipleOutputs("WorkbenchPixelMean", [], [x], 2));
  register(pixelMeanGradKernel, (backend, { mean, image }) => backend.executeSingleOutput("WorkbenchPixelMeanGradient", [], [mean, image]));
  register(joinedMeanKernel, (backend, { first, second }) => backend.executeMultipleOutputs("WorkbenchJoinedMean", [], [first, second], 2));
  register(joinedMeanGradKernel, (backend, { mean, image, first }) => backend.executeMultipleOutputs("WorkbenchJoinedMeanGradient", [], [mean, image, first], 2));
  register(sigmoidGateKernel, (backend, { mean, dropout, first, firstBias, second, secondBias }) =>
    backend.executeMultipleOutputs("WorkbenchGate", [], [mean, dropout, first, firstBias, second, secondBias], 2),
  );
  register(sigmoidGateGradKernel, (backend, { dy, gate, hidden, mean, dropout, first, second }) =>
    backend.executeMultipleOutputs("WorkbenchGateGradient", [], [dy, gate, hidden, mean, dropout, first, second], 5),
  );
  register(mixedConvolutionKernel, (backend, { x, gate, kernels, biases }, attributes) => {
    const operation = attributes.transposed ? "WorkbenchMixedTransposedConvolution" : "WorkbenchMixedConvolution";
    return withBank(kernels, attributes, (bank) => backend.executeMultipleOutputs(operation, [], [x, gate, bank, biases], 2));
  });
  register(mixedInputGradKernel, (backend, { x, dy, mixed }) => backend.executeSingleOutput("WorkbenchMixedInputGradient", [], [x, dy, mixed]));
  register(mixedGateGradKernel, (backend, { gate, x, dy, kernels, biases }, attributes) =>
    withBank(kernels, attributes, (bank) => backend.executeSingleOutput("WorkbenchMixedGateGradient", [], [gate, x, dy, bank, biases])),
  );
}

type Compute = (backend: OwnOperations, inputs: Readonly<Record<string, tf.Tensor>>, attributes: tf.NamedAttrMap) => tf.TensorInfo | tf.TensorInfo[];

function register(kernelName: string, compute: Compute): void {
  tf.registerKernel({
    kernelName,
    backendName: "tensorflow",
    kernelFunc: ({ inputs, backend, attrs }) => compute(backend as unknown as OwnOperations, inputs as Record<string, tf.Tensor>, attrs ?? {}),
  });
}

/** Hands on the experts `[expert, number]` as `[expert, kh, kw, channel, channel]`, from which the operations know their sizes. */
function withBank<Result>(experts: tf.Tensor, { kernel }: tf.NamedAttrMap, use: (bank: tf.Tensor) => Result): Result {
  const bank = tf.reshape(experts, [experts.shape[0], ...(kernel as number[])]);
  const result = use(bank);
  bank.dispose();
  return result;
}
