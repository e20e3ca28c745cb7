import * as tf from "@tensorflow/tfjs-core";

/** What is asked for: the convolution, or its gradient in the input or in the filter. */
export type Wanted = "value" | "input" | "filter";
type Attributes = Pick<tf.Conv2DAttrs, "strides" | "pad" | "dimRoundingMode"> &
  Partial<Pick<tf.Conv2DAttrs, "dilations" | "dataFormat">>;
type Four = [number, number, number, number];

/** Of lib/engine/install/native/convolution.cc and block-convolution.cc. */
const operations = {
  same: {
    value: "WorkbenchConvolution",
    input: "WorkbenchConvolutionInputGradient",
    filter: "WorkbenchConvolutionKernelGradient",
  },
  blocks: {
    value: "WorkbenchBlockConvolution",
    input: "WorkbenchBlockEnlargement",
    filter: "WorkbenchBlockKernelGradient",
  },
} as const;

/** @returns the operation of our own that computes a convolution faster than the library's, or nothing where there is none */
export function ownConvolution(
  wanted: Wanted,
  input: readonly number[],
  filter: readonly number[],
  attributes: Attributes,
): string | undefined {
  const { strides, pad, dilations = 1, dataFormat = "NHWC", dimRoundingMode } = attributes;
  if (dataFormat !== "NHWC" || [dilations].flat().some((step) => step !== 1)) return undefined;
  const [taps] = filter;
  const { padInfo, strideHeight, strideWidth } = tf.backend_util.computeConv2DInfo(
    [...input] as Four,
    [...filter] as Four,
    strides,
    1,
    pad,
    dimRoundingMode,
  );
  const surrounded = (margin: number) =>
    [padInfo.top, padInfo.bottom, padInfo.left, padInfo.right].every((each) => each === margin);
  if (filter[1] !== taps || strideHeight !== strideWidth) return undefined;
  if (taps === 3 && strideHeight === 1 && surrounded(1)) {
    // What goes by rows shares samples among threads, and one image is left to the library, which shares that.
    return tileable(input, filter) || (input[0] > 1 && goesByRows(wanted, input, filter))
      ? operations.same[wanted]
      : undefined;
  }
  if (taps === strideHeight && surrounded(0) && input[1] % taps === 0 && input[2] % taps === 0)
    return operations.blocks[wanted];
  return undefined;
}

/** Whether Winograd's tiles can do it, and are faster (as `tiled` in lib/engine/install/native/grids.cc): measured as 0.3 to 0.6 of the library's time. */
function tileable([batch, rows, columns]: readonly number[], [, , ...channels]: readonly number[]): boolean {
  const tiles = batch * Math.ceil(rows / 4) * Math.ceil(columns / 4);
  return channels.every((each) => each % 8 === 0) && tiles >= 4 && batch * rows * columns >= 8 * tiles;
}

/** Whether loops-rows.inc can do it. */
function goesByRows(
  wanted: Wanted,
  [, , columns]: readonly number[],
  [, , inputs, outputs]: readonly number[],
): boolean {
  const [from, to] = wanted === "input" ? [outputs, inputs] : [inputs, outputs];
  return to % 8 === 0 && (wanted === "filter" || (columns >= 8 && from <= 512));
}
