import * as tf from "@tensorflow/tfjs-core";
import { batchNormReluTrain, convolveBlocks, enlargeBlocks, joinedParts } from "../../engine";
import { parameter, type Parameters } from "./parameters";
import type { UNetShape } from "./unet-layout";
import { runUNet, type UNetLayers } from "./unet-topology";

/** Added to the variance inside the root; PyTorch's default. */
export const batchNormEpsilon = 1e-5;
/** The share of the newest batch in the running statistics; PyTorch's default. */
export const batchNormMomentum = 0.1;

export interface TrainForward {
  /** `[batch, height, width, class]` */
  readonly logits: tf.Tensor4D;
  /** Mean and unbiased variance of every normalisation in layout order, as one vector: what the running statistics take up. */
  readonly statistics: tf.Tensor1D;
}

/**
 * The network with the statistics of the batch, in training and wherever the running statistics are to be left out. The caller
 * disposes of both results; call it inside `tf.tidy`.
 */
export function forwardWithBatchStatistics(
  shape: UNetShape,
  parameters: Parameters,
  images: tf.Tensor4D,
): TrainForward {
  // The layout lists normalisations in the order in which the network passes them.
  const seen: tf.Tensor1D[] = [];
  const activate = (x: tf.Tensor4D, name: string): tf.Tensor4D => {
    const { y, mean, variance } = batchNormReluTrain(
      x,
      parameter(parameters, `${name}.weight`),
      parameter(parameters, `${name}.bias`),
      batchNormEpsilon,
    );
    seen.push(mean, variance);
    return y;
  };
  const logits = runUNet(shape, layersOf(parameters, activate), images);
  return { logits, statistics: tf.concat(seen) };
}

/** The network with its running statistics, as PyTorch's `eval()`. @returns logits, the caller's to dispose */
export function forwardWithRunningStatistics(
  shape: UNetShape,
  parameters: Parameters,
  images: tf.Tensor4D,
): tf.Tensor4D {
  const activate = (x: tf.Tensor4D, name: string): tf.Tensor4D => {
    const named = (part: string) => parameter<tf.Tensor1D>(parameters, `${name}.${part}`);
    return tf.relu(
      tf.batchNorm(x, named("running_mean"), named("running_var"), named("bias"), named("weight"), batchNormEpsilon),
    );
  };
  return tf.tidy(() => runUNet(shape, layersOf(parameters, activate), images));
}

/** @param activate batch normalisation and ReLU */
function layersOf(parameters: Parameters, activate: (x: tf.Tensor4D, name: string) => tf.Tensor4D): UNetLayers {
  return {
    convolve: (x, convolution, normalisation) =>
      activate(
        tf.conv2d(joinedParts(x), parameter<tf.Tensor4D>(parameters, `${convolution}.weight`), 1, "same"),
        normalisation,
      ),
    enlarge: (x, name) =>
      enlargeBlocks(x, parameter(parameters, `${name}.weight`), parameter(parameters, `${name}.bias`)),
    classify: (x, name) =>
      convolveBlocks(x, parameter(parameters, `${name}.weight`), parameter(parameters, `${name}.bias`)),
  };
}
