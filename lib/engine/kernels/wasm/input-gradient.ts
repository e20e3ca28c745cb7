import * as tf from "@tensorflow/tfjs-core";
import type { ConvolutionAttributes } from "../input-gradient";
import { convolve } from "./convolve";
import type { WasmBackend } from "./heap";
import type { WasmLibrary } from "./library";
import { type Scratch, withScratch } from "./scratch";

type Tensors = Readonly<Record<"dy" | "filter" | "dx", tf.TensorInfo>>;

/**
 * The gradient of a convolution in its input, which is also the transposed convolution. With stride 1 it is a convolution by the turned
 * filter, with a stride as large as the filter every pixel of `dy` becomes a block of its own.
 * @param original the back end's kernel, a plain loop, for all others
 */
export function inputGradKernel(library: WasmLibrary, original: tf.KernelConfig): tf.KernelConfig {
  return {
    ...original,
    kernelFunc: (call) => {
      const { dy, filter } = call.inputs as Record<string, tf.TensorInfo>;
      const { strides, pad, dimRoundingMode, inputShape } = call.attrs as unknown as ConvolutionAttributes;
      const info = tf.backend_util.computeConv2DInfo(
        inputShape,
        filter.shape as typeof inputShape,
        strides,
        1,
        pad,
        dimRoundingMode,
      );
      const { filterHeight, filterWidth, strideHeight, strideWidth, padInfo } = info;
      const [top, left] = [filterHeight - 1 - padInfo.top, filterWidth - 1 - padInfo.left];
      const turns = strideHeight === 1 && strideWidth === 1 && top >= 0 && left >= 0;
      const fits = info.inHeight === filterHeight * info.outHeight && info.inWidth === filterWidth * info.outWidth;
      const tiles = strideHeight === filterHeight && strideWidth === filterWidth && fits;
      if (!turns && !tiles) return original.kernelFunc(call);
      const dx = (call.backend as WasmBackend).makeOutput(inputShape, "float32");
      withScratch(call.backend, (scratch) => {
        if (!turns) return tile(library, scratch, { dy, filter, dx }, info);
        const shape = { ...reversed(info), strideHeight, strideWidth, filterHeight, filterWidth, top, left };
        return convolve(library, scratch, [dy, filter, dx], shape, { turned: true });
      });
      return dx;
    },
  };
}

/** From the outputs of a convolution to its inputs. */
function reversed(info: tf.backend_util.Conv2DInfo) {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels } = info;
  return {
    batchSize,
    inHeight: outHeight,
    inWidth: outWidth,
    inChannels: outChannels,
    outHeight: inHeight,
    outWidth: inWidth,
    outChannels: inChannels,
  };
}

/** A row of `dx` is the matching row of `dy`, every pixel times one row of the filter: `filterWidth` pixels side by side. */
function tile(
  library: WasmLibrary,
  scratch: Scratch,
  { dy, filter, dx }: Tensors,
  info: tf.backend_util.Conv2DInfo,
): void {
  const { batchSize, outHeight, outWidth, outChannels, filterHeight, filterWidth, inChannels } = info;
  const block = filterWidth * inChannels;
  const wide = 8 * Math.ceil(block / 8);
  const offsets = scratch.zeros(wide);
  const tail = scratch.floats(8);
  const packed = scratch.floats(outChannels * wide);
  for (let i = 0; i < filterHeight; i++) {
    library.packFilter(scratch.addressOf(filter) + 4 * i * block * outChannels, packed, 1, outChannels, block, 1);
    for (let row = 0; row < batchSize * outHeight; row++) {
      const from = scratch.addressOf(dy) + 4 * row * outWidth * outChannels;
      const to = scratch.addressOf(dx) + 4 * (row * filterHeight + i) * outWidth * block;
      library.convolve(
        from,
        packed,
        offsets,
        to,
        tail,
        outWidth,
        outChannels,
        1,
        outWidth,
        block,
        1,
        1,
        1,
        1,
        -Infinity,
      );
    }
  }
}
