import type * as tf from "@tensorflow/tfjs-core";
import { reluGradKernel } from "../relu";
import { viewsOf } from "./heap";

export const wasmReluGradKernel: tf.KernelConfig = {
  kernelName: reluGradKernel,
  backendName: "wasm",
  kernelFunc: ({ inputs, backend }) => {
    const { dy, y } = inputs as Record<string, tf.TensorInfo>;
    const { views, outputs, results } = viewsOf(backend, [dy, y], { dx: y.shape });
    const [upstream, values] = views;
    for (let i = 0; i < values.length; i++) results.dx[i] = values[i] > 0 ? upstream[i] : 0;
    return outputs.dx;
  },
};
