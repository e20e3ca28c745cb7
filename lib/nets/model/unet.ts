import * as tf from "@tensorflow/tfjs-core";
import { batchNormReluTrain, convolveBlocks, enlargeBlocks, joinedParts, type ImageParts } from "../../engine";
import { initialiseUNet } from "./initialise";
import type { Forward, Model, Norm, Pass } from "./model";
import { parameter, type Parameters } from "./parameters";
import { unetLayout, type UNetShape } from "./unet-layout";
import { runUNet } from "./unet-topology";

/** Added to the variance inside the root; PyTorch's default. */
export const batchNormEpsilon = 1e-5;
/** The share of the newest batch in the running statistics; PyTorch's default. */
export const batchNormMomentum = 0.1;

/** The U-Net of the paper (official `nets/models.py`). */
export function unet(shape: UNetShape): Model {
  return {
    key: `unet ${JSON.stringify(shape)}`,
    shape,
    layout: unetLayout(shape),
    frozen: [],
    init: (random) => initialiseUNet(shape, random),
    apply: (parameters, images, pass) => forwardUNet(shape, parameters, images, pass),
  };
}

function forwardUNet(shape: UNetShape, parameters: Parameters, images: tf.Tensor4D, pass: Pass): Forward {
  // The layout lists normalisations in the order in which the network passes them.
  const seen: tf.Tensor1D[] = [];
  const weight = (name: string): tf.Tensor4D => parameter(parameters, `${name}.weight`);
  const bias = (name: string): tf.Tensor1D => parameter(parameters, `${name}.bias`);
  const activate = (x: tf.Tensor4D, name: string) => activation(x, normOf(parameters, name), pass.statistics, seen);
  const layers = {
    convolve: (x: ImageParts, convolution: string, normalisation: string) =>
      activate(tf.conv2d(joinedParts(x), weight(convolution), 1, "same"), normalisation),
    enlarge: (x: tf.Tensor4D, name: string) => enlargeBlocks(x, weight(name), bias(name)),
    classify: (x: tf.Tensor4D, name: string) => convolveBlocks(x, weight(name), bias(name)),
  };
  return Object.assign(runUNet(shape, layers, images, pass), { seen });
}

/** Batch normalisation and ReLU. @param seen takes up the statistics of the batch, where they normalise */
export function activation(
  x: tf.Tensor4D,
  norm: Norm,
  statistics: Pass["statistics"],
  seen: tf.Tensor1D[],
): tf.Tensor4D {
  if (statistics === "batch") {
    const { y, mean, variance } = batchNormReluTrain(x, norm.scale, norm.offset, batchNormEpsilon);
    seen.push(mean, variance);
    return y;
  }
  if (statistics !== "running") return tf.relu(statistics(x, norm));
  const { mean, variance } = norm.running();
  return tf.relu(tf.batchNorm(x, mean, variance, norm.offset, norm.scale, batchNormEpsilon));
}

export function normOf(parameters: Parameters, name: string): Norm {
  const part = (path: string) => parameter<tf.Tensor1D>(parameters, `${name}.${path}`);
  return {
    scale: part("weight"),
    offset: part("bias"),
    running: () => ({ mean: part("running_mean"), variance: part("running_var") }),
  };
}
