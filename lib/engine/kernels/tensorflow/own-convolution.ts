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

/** @returns the operation of our own that computes a convolution, in an order that no processor changes, or nothing where there is none */
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
  if (taps === 3 && strideHeight === 1 && surrounded(1)) return operations.same[wanted];
  if (taps === strideHeight && surrounded(0) && input[1] % taps === 0 && input[2] % taps === 0)
    return operations.blocks[wanted];
  return undefined;
}
