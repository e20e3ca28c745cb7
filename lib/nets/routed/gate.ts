import * as tf from "@tensorflow/tfjs-core";
import { gateScores, joinedParts, meanOverPixels, sigmoidGate, softmax, type ImageParts } from "../../engine";
import { parameter, type Parameters } from "../model/parameters";
import { gateEntry } from "./routing-layout";

/**
 * What a gate computes from the mean of its layer's input. `sigmoid` is the paper's: one weight in (0, 1) for each expert, not
 * normalised. `softmax` is normalised; `static` learns weights that no input changes; `uniform` gives every expert 1 / experts.
 */
export const gateKinds = ["sigmoid", "softmax", "static", "uniform"] as const;
export type GateKind = (typeof gateKinds)[number];

export interface GatedInput {
  readonly gate: tf.Tensor2D;
  readonly x: tf.Tensor4D;
}

/**
 * `sigmoid(fc2(dropout(fc1(mean over pixels))))`, with no nonlinearity between the linear layers (`nets/routeconv.py`).
 * @param parts the layer's input `[batch, height, width, channel]`
 * @param dropout multiplies the hidden values `[batch, hidden]`; nothing for no dropout
 * @returns the gate `[batch, expert]`, and the input in one piece for the layer itself: see `meanOverPixels`
 */
export function gateOf(
  kind: GateKind,
  parameters: Parameters,
  layer: string,
  parts: ImageParts,
  dropout: tf.Tensor2D | undefined,
): GatedInput {
  const named = <Tensor extends tf.Tensor>(part: string) => parameter<Tensor>(parameters, gateEntry(layer, part));
  const secondBias = named<tf.Tensor1D>("fc2.bias");
  const batch = parts[0].shape[0];
  if (kind === "uniform")
    return { gate: tf.fill([batch, secondBias.size], 1 / secondBias.size), x: joinedParts(parts) };
  if (kind === "static")
    return {
      gate: tf.sigmoid(tf.tile(tf.reshape(secondBias, [1, -1]), [batch, 1])) as tf.Tensor2D,
      x: joinedParts(parts),
    };
  const { mean, image } = meanOverPixels(parts);
  const layers = {
    first: named<tf.Tensor2D>("fc1.weight"),
    firstBias: named<tf.Tensor1D>("fc1.bias"),
    second: named<tf.Tensor2D>("fc2.weight"),
    secondBias,
  };
  return {
    gate: kind === "softmax" ? softmax(gateScores(mean, dropout, layers)) : sigmoidGate(mean, dropout, layers),
    x: image,
  };
}
