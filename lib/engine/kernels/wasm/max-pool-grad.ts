import * as tf from "@tensorflow/tfjs-core";
import { addressesOf, type WasmBackend } from "./heap";
import type { WasmLibrary } from "./library";

interface PoolAttributes {
  readonly filterSize: [number, number] | number;
  readonly strides: [number, number] | number;
  readonly pad: "valid" | "same" | number;
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
}

/** The gradient of max-pooling. The one that the back end brings loses every window whose maximum is negative. */
export function maxPoolGradKernel(library: WasmLibrary): tf.KernelConfig {
  return {
    kernelName: tf.MaxPoolGrad,
    backendName: "wasm",
    kernelFunc: ({ inputs, backend, attrs }) => {
      const { dy, input } = inputs as Record<string, tf.TensorInfo>;
      const { filterSize, strides, pad, dimRoundingMode } = attrs as unknown as PoolAttributes;
      const info = tf.backend_util.computePool2DInfo(
        input.shape as [number, number, number, number],
        filterSize,
        strides,
        1,
        pad,
        dimRoundingMode,
      );
      const wasm = backend as WasmBackend;
      const dx = wasm.makeOutput(input.shape, "float32");
      library.maxPoolGradient(
        ...addressesOf(wasm, dy, input, dx),
        ...[info.batchSize, info.inHeight, info.inWidth, info.inChannels, info.outHeight, info.outWidth],
        ...[
          info.filterHeight,
          info.filterWidth,
          info.strideHeight,
          info.strideWidth,
          info.padInfo.top,
          info.padInfo.left,
        ],
      );
      return dx;
    },
  };
}
