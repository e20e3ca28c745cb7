import * as tf from "@tensorflow/tfjs-core";
import { registerComposedKernels } from "../composed";
import { fasterInputGradKernel } from "../input-gradient";
import { reluGradKernel } from "../relu";
import { webgpuAdamKernel } from "./adam";
import { registerBatchNormRelu } from "./batch-norm-relu";
import { channelReduction } from "./channel-sum";
import { sameConvolutionKernel } from "./convolution";
import { webgpuFilterGradKernel } from "./filter-gradient";
import { registerMixedConvolution } from "./mixed-convolution";
import { registerObjective } from "./objective";
import { maxPoolGradKernel, maxPoolHalfKernel } from "./pooling";
import { wideProductKernel } from "./wide-product";

/** Adds the kernels a U-Net's training needs to WebGPU, and replaces those that are slow or cannot take the paper's sizes. */
export function registerWebgpuKernels(): void {
  if (tf.getKernel(reluGradKernel, "webgpu")) return;
  registerComposedKernels("webgpu");
  registerBatchNormRelu();
  registerMixedConvolution();
  registerObjective();
  tf.registerKernel(webgpuAdamKernel);
  const library = (name: string) => tf.getKernel(name, "webgpu");
  const replacements: readonly tf.KernelConfig[] = [
    webgpuFilterGradKernel,
    maxPoolGradKernel,
    fasterInputGradKernel(library(tf.Conv2DBackpropInput)),
    sameConvolutionKernel(library(tf.Conv2D)),
    sameConvolutionKernel(library(tf.FusedConv2D)),
    channelReduction(library(tf.Sum)),
    channelReduction(library(tf.Mean)),
    wideProductKernel(library(tf.BatchMatMul)),
    maxPoolHalfKernel(library(tf.MaxPool)),
  ];
  for (const kernel of replacements) {
    tf.unregisterKernel(kernel.kernelName, "webgpu");
    tf.registerKernel(kernel);
  }
}
