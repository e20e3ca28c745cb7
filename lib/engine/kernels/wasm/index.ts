import * as tf from "@tensorflow/tfjs-core";
import { registerBatchNormGradient } from "../batch-norm";
import { registerReluGradient, reluGradKernel } from "../relu";
import { batchNormKernels } from "./batch-norm";
import { convolutionKernel } from "./convolution";
import { concatKernel, identityKernel, splitKernel } from "./copies";
import { filterGradKernel } from "./filter-gradient";
import { inputGradKernel } from "./input-gradient";
import { loadLibrary, type WasmLibrary } from "./library";
import { maximumKernel } from "./maximum";
import { maxPoolGradKernel } from "./max-pool-grad";
import { productKernel } from "./product";
import { reluGradientKernel } from "./relu";
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
  const replaced = (
    name: string,
    kernelOf: (library: WasmLibrary, original: tf.KernelConfig) => tf.KernelConfig,
  ): void => {
    const kernel = kernelOf(library, tf.getKernel(name, "wasm"));
    tf.unregisterKernel(name, "wasm");
    tf.registerKernel(kernel);
  };
  replaced(tf.MaxPoolGrad, maxPoolGradKernel);
  for (const name of [tf.Conv2D, tf.FusedConv2D]) replaced(name, convolutionKernel);
  replaced(tf.Conv2DBackpropInput, inputGradKernel);
  for (const name of [tf.Sum, tf.Mean]) replaced(name, exactReduction);
  replaced(tf.Maximum, maximumKernel);
  replaced(tf.BatchMatMul, productKernel);
  replaced(tf.SplitV, splitKernel);
  replaced(tf.Concat, concatKernel);
  replaced(tf.Identity, identityKernel);
  for (const kernel of [filterGradKernel(library), reluGradientKernel(library), ...batchNormKernels(library)])
    tf.registerKernel(kernel);
}
