import * as tf from "@tensorflow/tfjs-core";
import { blockConvolutionKernel, blockEnlargementKernel, registerBlockConvolutionGradients } from "./block-convolution";
import { hasOwnOperations, ownConvolution, type Wanted } from "./tensorflow-own-convolution";
import type { OwnOperations } from "./tensorflow-routed";

/**
 * Convolutions and their gradients as operations of our own where they are faster: 3x3 by Winograd's tiles of 4x4 pixels (Lavin and Gray,
 * 2016), 36 products in place of 144, or with other channels row by row; and those whose stride is as large as their kernel. The library's
 * operations do the rest.
 */
export function registerTiledConvolutions(): void {
  if (!hasOwnOperations()) return;
  replace(tf.Conv2D, "value", ["x", "filter"], ({ x, filter }) => [x.shape, filter.shape]);
  replace(tf.Conv2DBackpropInput, "input", ["dy", "filter"], ({ filter }, { inputShape }) => [inputShape, filter.shape]);
  replace(tf.Conv2DBackpropFilter, "filter", ["x", "dy"], ({ x }, { filterShape }) => [x.shape, filterShape]);
  registerBlockConvolutionGradients();
  registerBiased(blockConvolutionKernel, "WorkbenchBlockConvolutionBias");
  registerBiased(blockEnlargementKernel, "WorkbenchBlockEnlargementBias");
}

function registerBiased(kernelName: string, operation: string): void {
  tf.registerKernel({
    kernelName,
    backendName: "tensorflow",
    kernelFunc: ({ inputs: { x, filter, bias }, backend }) =>
      (backend as unknown as OwnOperations).executeSingleOutput(operation, [], [x, filter, bias] as tf.TensorInfo[]),
  });
}

type Attributes = Parameters<typeof ownConvolution>[3] & { readonly inputShape: readonly number[]; readonly filterShape: readonly number[] };
type ShapesOf = (inputs: Readonly<Record<string, tf.TensorInfo>>, attributes: Attributes) => readonly [input: readonly number[], filter: readonly number[]];

function replace(kernelName: string, wanted: Wanted, names: readonly string[], shapesOf: ShapesOf): void {
  const original = tf.getKernel(kernelName, "tensorflow");
  tf.unregisterKernel(kernelName, "tensorflow");
  tf.registerKernel({
    ...original,
    kernelFunc(call) {
      const inputs = call.inputs as Readonly<Record<string, tf.TensorInfo>>;
      const attributes = call.attrs as unknown as Attributes;
      const operation = ownConvolution(wanted, ...shapesOf(inputs, attributes), attributes);
      if (!operation) return original.kernelFunc(call);
      return (call.backend as unknown as OwnOperations).executeSingleOutput(operation, [], names.map((name) => inputs[name]));
    },
  });
}
