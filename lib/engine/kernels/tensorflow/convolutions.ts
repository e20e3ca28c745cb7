import * as tf from "@tensorflow/tfjs-core";
import {
  blockConvolutionKernel,
  blockEnlargementKernel,
  registerBlockConvolutionGradients,
} from "../block-convolution";
import { ownConvolution, type Wanted } from "./own-convolution";
import { registerOwn, replaceByOwn, type OwnOperations } from "./own-operations";

/**
 * Convolutions and their gradients as operations of our own: 3x3 by Winograd's tiles of 4x4 pixels (Lavin and Gray, 2016), 36 products in
 * place of 144, or with few pixels or other channels row by row; and those whose stride is as large as their kernel. The library does the
 * rest, which no network of ours asks for, by instructions that it chooses for the processor.
 */
export function registerConvolutions(): void {
  replace(tf.Conv2D, "value", ["x", "filter"], ({ x, filter }) => [x.shape, filter.shape]);
  replace(tf.Conv2DBackpropInput, "input", ["dy", "filter"], ({ filter }, { inputShape }) => [
    inputShape,
    filter.shape,
  ]);
  replace(tf.Conv2DBackpropFilter, "filter", ["x", "dy"], ({ x }, { filterShape }) => [x.shape, filterShape]);
  registerBlockConvolutionGradients();
  registerOwn(blockConvolutionKernel, (own, { x, filter, bias }) =>
    own.executeSingleOutput("WorkbenchBlockConvolutionBias", [], [x, filter, bias]),
  );
  registerOwn(blockEnlargementKernel, (own, { x, filter, bias }) =>
    own.executeSingleOutput("WorkbenchBlockEnlargementBias", [], [x, filter, bias]),
  );
}

type Attributes = Parameters<typeof ownConvolution>[3] & {
  readonly inputShape: readonly number[];
  readonly filterShape: readonly number[];
};
type ShapesOf = (
  inputs: Readonly<Record<string, tf.TensorInfo>>,
  attributes: Attributes,
) => readonly [input: readonly number[], filter: readonly number[]];

function replace(kernelName: string, wanted: Wanted, names: readonly string[], shapesOf: ShapesOf): void {
  replaceByOwn(kernelName, (library) => (call) => {
    const inputs = call.inputs as Readonly<Record<string, tf.TensorInfo>>;
    const attributes = call.attrs as unknown as Attributes;
    const operation = ownConvolution(wanted, ...shapesOf(inputs, attributes), attributes);
    if (!operation) return library(call);
    return (call.backend as unknown as OwnOperations).executeSingleOutput(
      operation,
      [],
      names.map((name) => inputs[name]),
    );
  });
}
