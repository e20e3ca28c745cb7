import * as tf from "@tensorflow/tfjs-core";
import { replaceByOwn, type OwnOperations } from "./own-operations";

/**
 * Max-pooling by halves and the gradient of max-pooling as operations of our own (lib/engine/install/native/pooling.cc). The library's gradient goes
 * through single numbers and takes ten times as long.
 */
export function registerPooling(): void {
  replaceByOwn(tf.MaxPool, (library) => (call) => {
    const x = call.inputs.x as tf.TensorInfo;
    const { filterHeight, filterWidth, strideHeight, strideWidth, padInfo, inHeight, inWidth } = geometry(
      x,
      call.attrs,
    );
    const byTwo = [filterHeight, filterWidth, strideHeight, strideWidth].every((each) => each === 2);
    const half = byTwo && padInfo.type === "VALID" && inHeight % 2 === 0 && inWidth % 2 === 0;
    if (!half || x.dtype !== "float32") return library(call);
    return (call.backend as unknown as OwnOperations).executeSingleOutput("WorkbenchMaxPoolHalf", [], [x]);
  });
  replaceByOwn(tf.MaxPoolGrad, () => ({ inputs, backend, attrs }) => {
    const { dy, input, output } = inputs as Readonly<Record<string, tf.TensorInfo>>;
    const { filterHeight, filterWidth, strideHeight, strideWidth, padInfo } = geometry(input, attrs);
    const window = [filterHeight, filterWidth, strideHeight, strideWidth, padInfo.top, padInfo.left];
    const own = backend as unknown as OwnOperations;
    return own.executeSingleOutput(
      "WorkbenchMaxPoolGradient",
      [{ name: "window", type: own.binding.TF_ATTR_INT, value: window }],
      [input, output, dy],
    );
  });
}

function geometry(
  input: tf.TensorInfo,
  attributes: tf.NamedAttrMap | undefined,
): ReturnType<typeof tf.backend_util.computePool2DInfo> {
  const { filterSize, strides, pad, dimRoundingMode } = attributes as unknown as tf.MaxPoolGradAttrs;
  return tf.backend_util.computePool2DInfo(
    input.shape as [number, number, number, number],
    filterSize,
    strides,
    1,
    pad,
    dimRoundingMode,
  );
}
