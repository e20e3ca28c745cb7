import * as tf from "@tensorflow/tfjs-core";
import { hashOf } from "../../core/hash";
import { type State, valuesOf } from "../../core/state";
import { enlargeBlocks, joinedParts, runProgram } from "../../engine";
import { parameter, type Parameters, uploadAll } from "../model/parameters";
import { batchNormEpsilon } from "../model/unet";
import { unetLayers, type UNetShape } from "../model/unet-layout";
import { runUNet, type UNetLayers } from "../model/unet-topology";

/** A trained U-Net that predicts with its running statistics. Keeps tensors, whatever `tf.tidy` it is used in, until it is disposed of. */
export interface Predictor {
  /** @param images `[batch, height, width, channel]` @returns logits `[batch, height, width, class]`, the caller's to dispose */
  predict(images: tf.Tensor4D): tf.Tensor4D;
  dispose(): void;
}

/** Every normalisation is folded into the convolution before it, in float64, which saves half of the time. */
export function createPredictor(shape: UNetShape, state: State): Predictor {
  const uploaded = [...uploadAll(foldNormalisations(shape, state))];
  const names = uploaded.map(([name]) => name);
  const tensors = uploaded.map(([, tensor]) => tf.keep(tensor));
  const key = `predict ${JSON.stringify(shape)} ${hashOf(names)}`;
  const body = ([images, ...values]: readonly tf.Tensor[]): tf.Tensor[] => {
    const parameters = new Map(names.map((name, index) => [name, values[index]]));
    return [runUNet(shape, foldedLayers(parameters), images as tf.Tensor4D).logits];
  };
  return {
    predict: (images) => runProgram(key, body, [images, ...tensors])[0] as tf.Tensor4D,
    dispose: () => tf.dispose(tensors),
  };
}

function foldedLayers(parameters: Parameters): UNetLayers {
  const filter = (name: string): tf.Tensor4D => parameter(parameters, `${name}.weight`);
  const bias = (name: string): tf.Tensor1D => parameter(parameters, `${name}.bias`);
  return {
    convolve: (x, convolution, normalisation) =>
      tf.fused.conv2d({
        x: joinedParts(x),
        filter: filter(convolution),
        strides: 1,
        pad: "same",
        bias: bias(normalisation),
        activation: "relu",
      }),
    enlarge: (x, name) => enlargeBlocks(x, filter(name), bias(name), tf.add),
    classify: (x, name) => tf.fused.conv2d({ x, filter: filter(name), strides: 1, pad: "same", bias: bias(name) }),
  };
}

/** @returns a state whose convolutions carry the scale of the normalisation after them, and whose normalisations are a bias alone */
function foldNormalisations(shape: UNetShape, state: State): State {
  const folded: State = { layout: state.layout, values: state.values.slice() };
  for (const { name, normalisation } of unetLayers(shape)) {
    if (normalisation === undefined) continue;
    const [scale, offset, mean, variance] = ["weight", "bias", "running_mean", "running_var"].map((part) =>
      valuesOf(state, `${normalisation}.${part}`),
    );
    const factors = Float64Array.from(scale, (value, c) => value / Math.sqrt(variance[c] + batchNormEpsilon));
    const filter = valuesOf(folded, `${name}.weight`);
    for (let row = 0; row < filter.length; row += factors.length)
      for (let c = 0; c < factors.length; c++) filter[row + c] *= factors[c];
    valuesOf(folded, `${normalisation}.bias`).set(
      Float64Array.from(offset, (value, c) => value - mean[c] * factors[c]),
    );
  }
  return folded;
}
