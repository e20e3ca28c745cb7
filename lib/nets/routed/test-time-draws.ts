import * as tf from "@tensorflow/tfjs-core";
import type { Random } from "../../core/random";
import type { Pass } from "../model/model";
import { drawNoisyMoves } from "../model/noisy-moves";
import { unetLayers, type UNetShape } from "../model/unet-layout";
import type { Inputs } from "../run/named";

const passes = ["main", "augmented", "clean"] as const;

/**
 * Draws the augmentation of one adaptation step: Gaussian noise in the units of the images, a move for each image, and the dropout of
 * the three passes.
 * @param images their shape, `[batch, side, side, channel]`
 * @param deviation of the noise @param dropout share of hidden gate values that is dropped, 0 for none
 * @returns the caller's to dispose
 */
export function drawAugmentation(
  shape: UNetShape,
  images: [number, number, number, number],
  deviation: number,
  dropout: number,
  random: Random,
): Record<string, tf.Tensor> {
  const draws: Record<string, tf.Tensor> = drawNoisyMoves(images, deviation, random);
  if (dropout === 0) return draws;
  const factors = passes.map((pass) => [`dropout/${pass}`, drawDropout(shape, images[0], dropout, random.child(pass))]);
  return { ...draws, ...Object.fromEntries(factors) };
}

/**
 * Draws inverted dropout for one pass: 0 with probability `share`, else 1 / (1 - share), for every hidden value of every gate.
 * @returns the factors of one layer after the other, each `[batch, hidden]`, in one vector that is the caller's to dispose
 */
export function drawDropout(shape: UNetShape, batch: number, share: number, random: Random): tf.Tensor1D {
  const layers = unetLayers(shape);
  const factors = new Float32Array(layers.reduce((sum, { inputs }) => sum + batch * 2 * inputs, 0));
  let position = 0;
  for (const { name, inputs } of layers) {
    const source = random.child(name);
    for (let left = batch * 2 * inputs; left > 0; left--)
      factors[position++] = source.uniform() < share ? 0 : 1 / (1 - share);
  }
  return tf.tensor1d(factors);
}

/** The dropout of each of the three passes, where it was drawn and cut. */
export function dropoutsOf(
  inputs: Inputs,
): Readonly<Record<(typeof passes)[number], NonNullable<Pass["dropout"]>>> | undefined {
  if (!inputs["dropout/main"]) return undefined;
  const [main, augmented, clean] = passes.map(
    (pass) => (layer: string) => inputs[`dropout/${pass}/${layer}`] as tf.Tensor2D | undefined,
  );
  return { main, augmented, clean };
}

/** Cuts the factors of all passes, where they were drawn, into those of each layer; call it inside `tf.tidy`. */
export function cutDropouts(shape: UNetShape, inputs: Inputs): Inputs {
  const cut = passes.flatMap((pass) => {
    const factors = inputs[`dropout/${pass}`];
    return factors
      ? cutDropout(shape, factors as tf.Tensor1D).map(([layer, part]) => [`dropout/${pass}/${layer}`, part])
      : [];
  });
  return Object.fromEntries(cut) as Inputs;
}

/** Cuts the factors of a pass into those of its layers; call it inside `tf.tidy`. */
export function dropoutOf(shape: UNetShape, factors: tf.Tensor1D): NonNullable<Pass["dropout"]> {
  const byLayer = new Map(cutDropout(shape, factors));
  return (layer) => byLayer.get(layer);
}

function cutDropout(shape: UNetShape, factors: tf.Tensor1D): [layer: string, factors: tf.Tensor2D][] {
  const layers = unetLayers(shape);
  const batch = factors.size / layers.reduce((sum, { inputs }) => sum + 2 * inputs, 0);
  const parts = tf.split(
    factors,
    layers.map(({ inputs }) => batch * 2 * inputs),
  );
  return layers.map(({ name, inputs }, index) => [name, tf.reshape<tf.Rank.R2>(parts[index], [batch, 2 * inputs])]);
}
