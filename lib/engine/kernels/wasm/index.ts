import * as tf from "@tensorflow/tfjs-core";
import { registerBatchNormGradient } from "../batch-norm";
import { fasterInputGradKernel } from "../input-gradient";
import { registerReluGradient, reluGradKernel } from "../relu";
import { wasmBatchNormKernels } from "./batch-norm";
import { wasmFilterGradKernel } from "./convolution";
import { wasmMaxPoolGradKernel } from "./max-pool-grad";
import { wasmReluGradKernel } from "./relu";
import { exactReduction } from "./sum";

/** Adds the kernels a U-Net's training needs to the WebAssembly back end, and replaces those that are wrong or slow. */
export function registerWasmKernels(): void {
  registerBatchNormGradient();
  registerReluGradient();
  if (tf.getKernel(reluGradKernel, "wasm")) return;
  const replacements: readonly tf.KernelConfig[] = [
    wasmMaxPoolGradKernel,
    fasterInputGradKernel(tf.getKernel(tf.Conv2DBackpropInput, "wasm")),
    exactReduction(tf.getKernel(tf.Sum, "wasm")),
    exactReduction(tf.getKernel(tf.Mean, "wasm")),
  ];
  for (const kernel of replacements) tf.unregisterKernel(kernel.kernelName, "wasm");
  for (const kernel of [...replacements, wasmFilterGradKernel, wasmReluGradKernel, ...wasmBatchNormKernels]) tf.registerKernel(kernel);
}
