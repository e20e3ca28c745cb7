import * as tf from "@tensorflow/tfjs-core";
import { meanOverPixels, softmax } from "../engine";
import { parameter, type Parameters } from "./parameters";

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
 * @param x the layer's input `[batch, height, width, channel]`
 * @param dropout multiplies the hidden values `[batch, hidden]`; nothing for no dropout
 * @returns the gate `[batch, expert]`, and the input again for the layer itself: see `meanOverPixels`
 */
export function gateOf(kind: GateKind, parameters: Parameters, layer: string, x: tf.Tensor4D, dropout: tf.Tensor2D | undefined): GatedInput {
  const named = (part: string) => parameter<tf.Tensor2D>(parameters, `${layer}._routing_fn.${part}`);
  const offset = named("fc2.bias");
  const batch = x.shape[0];
  if (kind === "uniform") return { gate: tf.fill([batch, offset.size], 1 / offset.size), x };
  if (kind === "static") return { gate: tf.sigmoid(tf.tile(tf.reshape(offset, [1, -1]), [batch, 1])) as tf.Tensor2D, x };
  const { mean, same } = meanOverPixels(x);
  const hidden = tf.add<tf.Tensor2D>(tf.matMul(mean, named("fc1.weight"), false, true), named("fc1.bias"));
  const kept = dropout ? tf.mul<tf.Tensor2D>(hidden, dropout) : hidden;
  const score = tf.add<tf.Tensor2D>(tf.matMul(kept, named("fc2.weight"), false, true), offset);
  return { gate: kind === "softmax" ? softmax(score) : tf.sigmoid(score), x: same };
}
