import * as tf from "@tensorflow/tfjs-core";

type Four = [number, number, number, number];
type Padding = "valid" | "same" | number;

/** Of the gradients of a convolution, as TensorFlow.js hands them to its kernels. */
export interface ConvolutionAttributes {
  readonly strides: [number, number] | number;
  readonly pad: Padding;
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
  readonly filterShape: Four;
  readonly inputShape: Four;
}

/**
 * The gradient of a convolution in its input, which is also the transposed convolution. The one of WebGPU is a plain loop: with
 * stride 1 a convolution by the turned filter replaces it, with a stride as large as the filter one matrix product.
 */
export function fasterInputGradKernel(original: tf.KernelConfig): tf.KernelConfig {
  return {
    ...original,
    kernelFunc: (call) => {
      const { dy, filter } = call.inputs as Record<string, tf.Tensor4D>;
      const { strides, pad, dimRoundingMode, inputShape } = call.attrs as unknown as ConvolutionAttributes;
      const info = tf.backend_util.computeConv2DInfo(inputShape, filter.shape, strides, 1, pad, dimRoundingMode);
      if (info.strideHeight === 1 && info.strideWidth === 1) return tf.tidy(() => convolveTurned(dy, filter, info));
      const [height, width] = filter.shape;
      const tiles = info.strideHeight === height && info.strideWidth === width;
      if (tiles && inputShape[1] === height * dy.shape[1] && inputShape[2] === width * dy.shape[2])
        return tf.tidy(() => tile(dy, filter));
      return original.kernelFunc(call);
    },
  };
}

function convolveTurned(dy: tf.Tensor4D, filter: tf.Tensor4D, { padInfo }: tf.backend_util.Conv2DInfo): tf.Tensor4D {
  const [height, width] = filter.shape;
  const turned = tf.transpose(tf.reverse(filter, [0, 1]), [0, 1, 3, 2]);
  const [top, bottom, left, right] = [
    height - 1 - padInfo.top,
    height - 1 - padInfo.bottom,
    width - 1 - padInfo.left,
    width - 1 - padInfo.right,
  ];
  const same =
    height % 2 === 1 &&
    width % 2 === 1 &&
    top === bottom &&
    left === right &&
    top === (height - 1) / 2 &&
    left === (width - 1) / 2;
  if (same) return tf.conv2d(dy, turned, 1, "same");
  const padded = tf.pad(dy, [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ]);
  return tf.conv2d(padded, turned, 1, "valid");
}

/** Every pixel of `dy` becomes a block as large as the filter. */
function tile(dy: tf.Tensor4D, filter: tf.Tensor4D): tf.Tensor4D {
  const [batch, height, width, channels] = dy.shape;
  const [filterHeight, filterWidth, outputs] = filter.shape;
  const matrix = tf.transpose(tf.reshape(filter, [filterHeight * filterWidth * outputs, channels]));
  const blocks = tf.reshape(tf.matMul(tf.reshape(dy, [batch * height * width, channels]), matrix), [
    batch,
    height,
    width,
    filterHeight,
    filterWidth,
    outputs,
  ]);
  return tf.reshape(tf.transpose(blocks, [0, 1, 3, 2, 4, 5]), [
    batch,
    height * filterHeight,
    width * filterWidth,
    outputs,
  ]);
}
