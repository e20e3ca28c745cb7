import * as tf from "@tensorflow/tfjs-core";
import type { ConvolutionAttributes } from "./input-gradient";
import type { OwnOperations } from "./tensorflow-routed";

type Attributes = Pick<tf.Conv2DAttrs, "strides" | "pad" | "dimRoundingMode"> & Partial<Pick<tf.Conv2DAttrs, "dilations" | "dataFormat">> & Partial<ConvolutionAttributes>;

/**
 * 3x3 convolutions and their gradients by Winograd's tiles of 4x4 pixels (Lavin and Gray, 2016), as operations of our own
 * (lib/engine/install/native/convolution.cc): 36 products in place of 144. The library's operations do the rest: other sizes and numbers of
 * channels, and a few pixels.
 */
export function registerTiledConvolutions(): void {
  const { isUsingGpuDevice, binding } = tf.backend() as unknown as OwnOperations;
  if (isUsingGpuDevice || !binding.workbenchOperations) return;
  replace(tf.Conv2D, ["x", "filter"], "WorkbenchConvolution", ({ x, filter }) => [x.shape, filter.shape]);
  replace(tf.Conv2DBackpropInput, ["dy", "filter"], "WorkbenchConvolutionInputGradient", ({ filter }, { inputShape }) => [inputShape as number[], filter.shape]);
  replace(tf.Conv2DBackpropFilter, ["x", "dy"], "WorkbenchConvolutionKernelGradient", ({ x }, { filterShape }) => [x.shape, filterShape as number[]]);
}

type Shapes = readonly [input: readonly number[], filter: readonly number[]];
type ShapesOf = (inputs: Readonly<Record<string, tf.TensorInfo>>, attributes: Attributes) => Shapes;

function replace(kernelName: string, names: readonly string[], operation: string, shapesOf: ShapesOf): void {
  const original = tf.getKernel(kernelName, "tensorflow");
  tf.unregisterKernel(kernelName, "tensorflow");
  tf.registerKernel({
    ...original,
    kernelFunc(call) {
      const inputs = call.inputs as Readonly<Record<string, tf.TensorInfo>>;
      const attributes = call.attrs as unknown as Attributes;
      if (!tileable(shapesOf(inputs, attributes), attributes)) return original.kernelFunc(call);
      return (call.backend as unknown as OwnOperations).executeSingleOutput(operation, [], names.map((name) => inputs[name]));
    },
  });
}

/** Whether tiles can do it, and are faster (as `tiled` in lib/engine/install/native/grids.cc): measured as 0.3 to 0.6 of the library's time. */
function tileable([input, filter]: Shapes, { strides, pad, dilations = 1, dataFormat = "NHWC", dimRoundingMode }: Attributes): boolean {
  const [batch, rows, columns] = input;
  const [height, width, inputs, outputs] = filter;
  if (height !== 3 || width !== 3 || dataFormat !== "NHWC" || [strides, dilations].some((each) => [each].flat().some((step) => step !== 1))) return false;
  const tiles = batch * Math.ceil(rows / 4) * Math.ceil(columns / 4);
  if (inputs % 8 !== 0 || outputs % 8 !== 0 || tiles < 4 || batch * rows * columns < 8 * tiles) return false;
  const { padInfo } = tf.backend_util.computeConv2DInfo([...input] as Four, [...filter] as Four, 1, 1, pad, dimRoundingMode);
  return [padInfo.top, padInfo.bottom, padInfo.left, padInfo.right].every((margin) => margin === 1);
}

type Four = [number, number, number, number];
