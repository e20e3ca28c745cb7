import * as tf from "@tensorflow/tfjs-core";
import { addBias, biasGradient } from "./add-bias";

/** What an engine with a kernel of its own for these convolutions registers. */
export const blockConvolutionKernel = "BiasedBlockConvolution";
export const blockEnlargementKernel = "BiasedBlockEnlargement";

/**
 * A convolution whose stride is as large as its kernel, with its bias: of single pixels, or of blocks of them.
 * @param x `[batch, height, width, channel]`, height and width divisible by those of the kernel
 * @param filter `[size, size, in, out]`
 */
export function convolveBlocks(x: tf.Tensor4D, filter: tf.Tensor4D, bias: tf.Tensor1D): tf.Tensor4D {
  return (
    registered(blockConvolutionKernel, x, filter, bias) ?? addBias(tf.conv2d(x, filter, sizeOf(filter), "valid"), bias)
  );
}

/**
 * The transposed convolution whose stride is as large as its kernel, with its bias: every pixel becomes a block.
 * @param filter `[size, size, out, in]`
 * @param add adds the bias where no kernel does; `tf.add` is one step less, with a less precise gradient
 */
export function enlargeBlocks(
  x: tf.Tensor4D,
  filter: tf.Tensor4D,
  bias: tf.Tensor1D,
  add: typeof addBias = addBias,
): tf.Tensor4D {
  return registered(blockEnlargementKernel, x, filter, bias) ?? add(enlarged(x, filter), bias);
}

/** Their gradients, where they are kernels. */
export function registerBlockConvolutionGradients(): void {
  if (tf.getGradient(blockConvolutionKernel)) return;
  tf.registerGradient({
    kernelName: blockConvolutionKernel,
    inputsToSave: ["x", "filter"],
    gradFunc: (given, [x, filter]) => {
      const dy = given as tf.Tensor4D;
      return {
        x: () => enlarged(dy, filter as tf.Tensor4D),
        filter: () => filterGradient(x as tf.Tensor4D, dy, filter as tf.Tensor4D),
        bias: () => biasGradient(dy),
      };
    },
  });
  tf.registerGradient({
    kernelName: blockEnlargementKernel,
    inputsToSave: ["x", "filter"],
    gradFunc: (given, [x, filter]) => {
      const dy = given as tf.Tensor4D;
      return {
        x: () => tf.conv2d(dy, filter as tf.Tensor4D, sizeOf(filter as tf.Tensor4D), "valid"),
        filter: () => filterGradient(dy, x as tf.Tensor4D, filter as tf.Tensor4D),
        bias: () => biasGradient(dy),
      };
    },
  });
}

function registered(
  kernelName: string,
  x: tf.Tensor4D,
  filter: tf.Tensor4D,
  bias: tf.Tensor1D,
): tf.Tensor4D | undefined {
  if (!tf.getKernel(kernelName, tf.getBackend())) return undefined;
  return tf.engine().runKernel(kernelName, { x, filter, bias }) as tf.Tensor4D;
}

function sizeOf(filter: tf.Tensor4D): [number, number] {
  return [filter.shape[0], filter.shape[1]];
}

function enlarged(x: tf.Tensor4D, filter: tf.Tensor4D): tf.Tensor4D {
  const [batch, rows, columns] = x.shape;
  const [height, width, channels] = filter.shape;
  return tf.conv2dTranspose(x, filter, [batch, height * rows, width * columns, channels], [height, width], "valid");
}

function filterGradient(larger: tf.Tensor4D, smaller: tf.Tensor4D, filter: tf.Tensor4D): tf.Tensor {
  const attributes = { strides: sizeOf(filter), pad: "valid", dataFormat: "NHWC", filterShape: filter.shape };
  return tf
    .engine()
    .runKernel(tf.Conv2DBackpropFilter, { x: larger, dy: smaller }, attributes as unknown as tf.NamedAttrMap);
}
