import * as tf from "@tensorflow/tfjs-core";
import { type State, valuesOf } from "../core/state";
import { parameter, uploadAll } from "./parameters";
import { batchNormEpsilon } from "./unet";
import type { UNetShape } from "./unet-layout";
import { runUNet } from "./unet-topology";

/** A trained U-Net that predicts with its running statistics. Keeps tensors, whatever `tf.tidy` it is used in, until it is disposed of. */
export interface Predictor {
  /** @param images `[batch, height, width, channel]` @returns logits `[batch, height, width, class]`, the caller's to dispose */
  predict(images: tf.Tensor4D): tf.Tensor4D;
  dispose(): void;
}

/** Every normalisation is folded into the convolution before it, in float64, which saves half of the time. */
export function createPredictor(shape: UNetShape, state: State): Predictor {
  const parameters = uploadAll(foldNormalisations(state));
  parameters.forEach((tensor) => tf.keep(tensor));
  const filter = (name: string): tf.Tensor4D => parameter(parameters, `${name}.weight`);
  const bias = (name: string): tf.Tensor1D => parameter(parameters, `${name}.bias`);
  const layers = {
    convolve: (x: tf.Tensor4D, convolution: string, normalisation: string): tf.Tensor4D =>
      tf.fused.conv2d({ x, filter: filter(convolution), strides: 1, pad: "same", bias: bias(normalisation), activation: "relu" }),
    enlarge(x: tf.Tensor4D, name: string): tf.Tensor4D {
      const [batch, height, width] = x.shape;
      return tf.add(tf.conv2dTranspose(x, filter(name), [batch, 2 * height, 2 * width, filter(name).shape[2]], 2, "same"), bias(name));
    },
    classify: (x: tf.Tensor4D, name: string): tf.Tensor4D => tf.fused.conv2d({ x, filter: filter(name), strides: 1, pad: "same", bias: bias(name) }),
  };
  return {
    predict: (images) => tf.tidy(() => runUNet(shape, layers, images)),
    dispose: () => tf.dispose([...parameters.values()]),
  };
}

/** @returns a state whose convolutions carry the scale of the normalisation after them, and whose normalisations are a bias alone */
function foldNormalisations(state: State): State {
  const folded: State = { layout: state.layout, values: state.values.slice() };
  for (const { name } of state.layout) {
    const match = /^(.*)_conv([12])\.weight$/.exec(name);
    if (!match) continue;
    const normalisation = `${match[1]}_bn${match[2]}`;
    const [scale, offset, mean, variance] = ["weight", "bias", "running_mean", "running_var"].map((part) => valuesOf(state, `${normalisation}.${part}`));
    const factors = Float64Array.from(scale, (value, c) => value / Math.sqrt(variance[c] + batchNormEpsilon));
    const filter = valuesOf(folded, name);
    for (let i = 0; i < filter.length; i++) filter[i] *= factors[i % factors.length];
    valuesOf(folded, `${normalisation}.bias`).set(Float64Array.from(offset, (value, c) => value - mean[c] * factors[c]));
  }
  return folded;
}
