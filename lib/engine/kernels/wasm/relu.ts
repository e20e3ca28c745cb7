import * as tf from "@tensorflow/tfjs-core";
import { reluGradKernel } from "../relu";
import { addressesOf, type WasmBackend } from "./heap";
import type { WasmLibrary } from "./library";

export function reluGradientKernel(library: WasmLibrary): tf.KernelConfig {
  return {
    kernelName: reluGradKernel,
    backendName: "wasm",
    kernelFunc: ({ inputs, backend }) => {
      const { dy, y } = inputs as Record<string, tf.TensorInfo>;
      const wasm = backend as WasmBackend;
      const dx = wasm.makeOutput(y.shape, "float32");
      library.reluGradient(...addressesOf(wasm, dy, y, dx), tf.util.sizeFromShape(y.shape));
      return dx;
    },
  };
}
