import * as tf from "@tensorflow/tfjs-core";
import type { Random } from "../../core/random";
import type { Dropout } from "./routed-unet";
import { routedLayers } from "./routing-layout";
import { passes, type Augmentation } from "./routing-objective";
import { drawTurns, uploadMoves } from "./transforms";
import type { UNetShape } from "../model/unet-layout";

/**
 * The draws of one adaptation step as a list of tensors, which a program can take: noise, sources and targets of the moves, and, with
 * dropout, the factors of each of the three passes.
 */
export type Draws = readonly tf.Tensor[];

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
): Draws {
  const source = random.child("noise");
  // A loop: `Float32Array.from` with a function takes several times as long, which shows beside the step itself.
  const noise = new Float32Array(images.reduce((product, length) => product * length, 1));
  for (let at = 0; at < noise.length; at++) noise[at] = source.normal(0, deviation);
  const { sources, targets } = uploadMoves(images, drawTurns(images[0], random.child("turns")));
  const factors = dropout === 0 ? [] : passes.map((pass) => drawDropout(shape, images[0], dropout, random.child(pass)));
  return [tf.tensor4d(noise, images), sources, targets, ...factors];
}

/**
 * Draws inverted dropout for one pass: 0 with probability `share`, else 1 / (1 - share), for every hidden value of every gate.
 * @returns the factors of one layer after the other, each `[batch, hidden]`, in one vector that is the caller's to dispose
 */
export function drawDropout(shape: UNetShape, batch: number, share: number, random: Random): tf.Tensor1D {
  const layers = routedLayers(shape);
  const factors = new Float32Array(layers.reduce((sum, { inputs }) => sum + batch * 2 * inputs, 0));
  let position = 0;
  for (const { name, inputs } of layers) {
    const source = random.child(name);
    for (let left = batch * 2 * inputs; left > 0; left--)
      factors[position++] = source.uniform() < share ? 0 : 1 / (1 - share);
  }
  return tf.tensor1d(factors);
}

/** Reads a list of draws; call it inside `tf.tidy`. */
export function augmentationOf(shape: UNetShape, [noise, sources, targets, ...factors]: Draws): Augmentation {
  const [main, augmented, clean] = factors.map((vector) => dropoutOf(shape, vector as tf.Tensor1D));
  return {
    noise: noise as tf.Tensor4D,
    moves: { sources: sources as tf.Tensor1D, targets: targets as tf.Tensor1D },
    ...(factors.length > 0 && { dropout: { main, augmented, clean } }),
  };
}

/** Cuts the factors of a pass into those of its layers; call it inside `tf.tidy`. */
export function dropoutOf(shape: UNetShape, factors: tf.Tensor1D): Dropout {
  const layers = routedLayers(shape);
  const batch = factors.size / layers.reduce((sum, { inputs }) => sum + 2 * inputs, 0);
  const parts = tf.split(
    factors,
    layers.map(({ inputs }) => batch * 2 * inputs),
  );
  const byLayer = new Map(
    layers.map(({ name, inputs }, index) => [name, tf.reshape<tf.Rank.R2>(parts[index], [batch, 2 * inputs])]),
  );
  return (layer) => byLayer.get(layer);
}
