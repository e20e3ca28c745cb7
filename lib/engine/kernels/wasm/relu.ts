import * as tf from "@tensorflow/tfjs-core";
import { reluGradKernel } from "../relu";
import type { WasmBackend } from "./heap";
import type { WasmLibrary } from "./library";

export function wasmReluGradKernel(library: WasmLibrary): tf.KernelConfig {
  return {
    kernelName: reluGradKernel,
    backendName: "wasm",
    kernelFunc: ({ inputs, backend }) => {
      const { dy, y } = inputs as Record<string, tf.TensorInfo>;
      const wasm = backend as WasmBackend;
      const dx = wasm.makeOutput(y.shape, "float32");
      const addresses = [dy, y, dx].map(({ dataId }) => wasm.dataIdMap.get(dataId).memoryOffset);
      library.reluGradient(...addresses, tf.util.sizeFromShape(y.shape));
      return dx;
    },
  };
}
