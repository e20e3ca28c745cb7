import * as tf from "@tensorflow/tfjs-core";
import { registerBatchNormGradient } from "../batch-norm";
import { registerReluGradient, reluGradKernel } from "../relu";
import { batchNormKernels } from "./batch-norm";
import { convolutionKernel } from "./convolution";
import { filterGradKernel } from "./filter-gradient";
import { inputGradKernel } from "./input-gradient";
import { loadLibrary } from "./library";
import { wasmMaxPoolGradKernel } from "./max-pool-grad";
import { wasmReluGradKernel } from "./relu";
import { exactReduction } from "./sum";

/**
 * Adds the kernels a U-Net's training needs to the WebAssembly back end, and replaces those that are wrong or slow.
 * @throws WorkbenchError when the back end does not show its memory, or this machine has no SIMD
 */
export function registerWasmKernels(): void {
  registerBatchNormGradient();
  registerReluGradient();
  if (tf.getKernel(reluGradKernel, "wasm")) return;
  const library = loadLibrary(tf.backend());
  const replacements: readonly tf.KernelConfig[] = [
    wasmMaxPoolGradKernel,
    convolutionKernel(library, tf.getKernel(tf.Conv2D, "wasm")),
    convolutionKernel(library, tf.getKernel(tf.FusedConv2D, "wasm")),
    inputGradKernel(library, tf.getKernel(tf.Conv2DBackpropInput, "wasm")),
    exactReduction(tf.getKernel(tf.Sum, "wasm")),
    exactReduction(tf.getKernel(tf.Mean, "wasm")),
  ];
  for (const kernel of replacements) tf.unregisterKernel(kernel.kernelName, "wasm");
  for (const kernel of [...replacements, filterGradKernel(library), wasmReluGradKernel(library), ...batchNormKernels(library)]) tf.registerKernel(kernel);
}
