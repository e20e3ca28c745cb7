import * as tf from "@tensorflow/tfjs-core";
import { registerComposedKernels } from "../composed";
import { fasterInputGradKernel } from "../input-gradient";
import { reluGradKernel } from "../relu";
import { channelReduction } from "./channel-sum";
import { webgpuFilterGradKernel } from "./filter-gradient";
import { wideProductKernel } from "./wide-product";

/** Adds the kernels a U-Net's training needs to WebGPU, and replaces those that are slow or cannot take the paper's sizes. */
export function registerWebgpuKernels(): void {
  if (tf.getKernel(reluGradKernel, "webgpu")) return;
  registerComposedKernels("webgpu");
  const replacements: readonly tf.KernelConfig[] = [
    webgpuFilterGradKernel,
    fasterInputGradKernel(tf.getKernel(tf.Conv2DBackpropInput, "webgpu")),
    channelReduction(tf.getKernel(tf.Sum, "webgpu")),
    channelReduction(tf.getKernel(tf.Mean, "webgpu")),
    wideProductKernel(tf.getKernel(tf.BatchMatMul, "webgpu")),
  ];
  for (const kernel of replacements) {
    tf.unregisterKernel(kernel.kernelName, "webgpu");
    tf.registerKernel(kernel);
  }
}
