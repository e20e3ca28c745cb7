import * as tf from "@tensorflow/tfjs-core";
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import {
  mixedConvolutionKernel,
  mixedGateGradKernel,
  mixedInputGradKernel,
  registerMixedConvolutionGradient,
} from "../mixed-convolution";
import { sumOf } from "./channel-sum";
import { mixedLayer } from "./mixed-layers";
import { mixExperts, mixGateGradient } from "./mixture";

/**
 * Convolutions whose kernels are mixed for every sample, the whole batch at once: one by one, routing at the paper's size took ten thousand
 * calls a step.
 */
export function registerMixedConvolution(): void {
  registerMixedConvolutionGradient();
  register(mixedConvolutionKernel, (gpu, { x, gate, kernels, biases }, attributes) => {
    const mixed = mixExperts(gpu, gate, kernels) as tf.Tensor2D;
    const shift = biases.size > 0 ? (mixExperts(gpu, gate, biases) as tf.Tensor2D) : undefined;
    const y = layerOf(attributes).value(gpu, x as tf.Tensor4D, mixed, shift);
    return [y, tf.reshape(mixed, [x.shape[0], ...(attributes.kernel as number[])])];
  });
  register(mixedInputGradKernel, (gpu, { x, dy, mixed }) => {
    const [samples, ...kernel] = mixed.shape;
    const transposed = kernel[0] > 1 && dy.shape[1] === kernel[0] * (x.shape[1] ?? 0);
    return layerOf({ kernel, transposed }).inputGradient(gpu, dy as tf.Tensor4D, tf.reshape(mixed, [samples, -1]));
  });
  register(mixedGateGradKernel, (gpu, { x, dy, kernels, biases }, attributes) => {
    const ofKernels = mixGateGradient(
      gpu,
      layerOf(attributes).filterGradient(gpu, x as tf.Tensor4D, dy as tf.Tensor4D),
      kernels,
    );
    if (biases.size === 0) return ofKernels;
    const [samples, , , channels] = dy.shape as [number, number, number, number];
    const shift = tf.reshape(sumOf(gpu, dy, samples, 1), [samples, channels]);
    return tf.add(ofKernels, mixGateGradient(gpu, shift, biases));
  });
}

function layerOf({ kernel, transposed }: tf.NamedAttrMap): NonNullable<ReturnType<typeof mixedLayer>> {
  const layer = mixedLayer(kernel as number[], transposed as boolean);
  if (!layer) throw new RangeError(`no shader mixes kernels of ${String(kernel)}`);
  return layer;
}

type Compute = (
  gpu: WebGPUBackend,
  inputs: Readonly<Record<string, tf.Tensor>>,
  attributes: tf.NamedAttrMap,
) => tf.Tensor | tf.Tensor[];

function register(kernelName: string, run: Compute): void {
  tf.registerKernel({
    kernelName,
    backendName: "webgpu",
    kernelFunc: ({ inputs, backend, attrs }) => {
      const tensors = inputs as unknown as Readonly<Record<string, tf.Tensor>>;
      return tf.tidy(() => run(backend as WebGPUBackend, tensors, attrs ?? {}));
    },
  });
}
