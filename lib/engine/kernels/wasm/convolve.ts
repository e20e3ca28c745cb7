import type * as tf from "@tensorflow/tfjs-core";
import type { WasmLibrary } from "./library";
import type { Scratch } from "./scratch";

/** What a convolution of whole images needs to know; all numbers in pixels. */
export interface ConvolutionShape {
  readonly batchSize: number;
  readonly inHeight: number;
  readonly inWidth: number;
  readonly inChannels: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly outChannels: number;
  readonly filterHeight: number;
  readonly filterWidth: number;
  readonly strideHeight: number;
  readonly strideWidth: number;
  /** Of the border of zeros. */
  readonly top: number;
  readonly left: number;
}

export interface ConvolutionOptions {
  /** Convolves by the filter turned by half a circle and with its channels exchanged. */
  readonly turned?: boolean;
  readonly bias?: tf.TensorInfo;
  readonly relu?: boolean;
}

/**
 * Convolves a batch; the filter may have any size and the images any number of channels.
 * @param x `[batch, inHeight, inWidth, inChannels]`
 * @param filter `[filterHeight, filterWidth, inChannels, outChannels]`; the last two the other way round if `turned`
 * @param y the result, `[batch, outHeight, outWidth, outChannels]`
 */
export function convolve(
  library: WasmLibrary,
  scratch: Scratch,
  [x, filter, y]: readonly [tf.TensorInfo, tf.TensorInfo, tf.TensorInfo],
  shape: ConvolutionShape,
  { turned = false, bias, relu = false }: ConvolutionOptions = {},
): void {
  const {
    inHeight,
    inWidth,
    inChannels,
    outHeight,
    outWidth,
    outChannels,
    filterHeight,
    filterWidth,
    strideHeight,
    strideWidth,
    top,
    left,
  } = shape;
  const positions = filterHeight * filterWidth;
  const wide = 8 * Math.ceil(outChannels / 8);
  const packed = scratch.floats(positions * inChannels * wide);
  library.packFilter(scratch.addressOf(filter), packed, positions, inChannels, outChannels, Number(turned));
  const offsets = scratch.zeros(wide);
  if (bias) library.copyRuns(scratch.addressOf(bias), offsets, 1, outChannels, 0, 0);
  const tail = scratch.floats(8);

  const height = Math.max(top + inHeight, (outHeight - 1) * strideHeight + filterHeight);
  const width = Math.max(left + inWidth, (outWidth - 1) * strideWidth + filterWidth);
  const bordered = height === inHeight && width === inWidth ? undefined : scratch.zeros(height * width * inChannels);
  const corner = 4 * (top * width + left) * inChannels;
  let from = scratch.addressOf(x);
  let to = scratch.addressOf(y);
  for (let image = 0; image < shape.batchSize; image++) {
    // The border of zeros stays from image to image.
    if (bordered !== undefined)
      library.copyRuns(
        from,
        bordered + corner,
        inHeight,
        inWidth * inChannels,
        inWidth * inChannels,
        width * inChannels,
      );
    library.convolve(
      ...[bordered ?? from, packed, offsets, to, tail, width, inChannels, outHeight, outWidth, outChannels],
      ...[filterHeight, filterWidth, strideHeight, strideWidth, relu ? 0 : -Infinity],
    );
    from += 4 * inHeight * inWidth * inChannels;
    to += 4 * outHeight * outWidth * outChannels;
  }
}

/** @returns the shape of a convolution as TensorFlow.js computes it. */
export function shapeOf(info: tf.backend_util.Conv2DInfo): ConvolutionShape {
  return { ...info, top: info.padInfo.top, left: info.padInfo.left };
}
