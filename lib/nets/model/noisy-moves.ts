import * as tf from "@tensorflow/tfjs-core";
import type { Random } from "../../core/random";
import type { Inputs } from "../run/named";
import type { Sight } from "../run/recipe";
import type { Pass } from "./model";
import { drawTurns, turn, turnBack, uploadMoves } from "./transforms";

/**
 * Draws Gaussian noise in the units of the images, and a move for each image.
 * @param images their shape, `[batch, side, side, channel]` @param deviation of the noise
 * @returns `noise`, `sources` and `targets`, the caller's to dispose
 */
export function drawNoisyMoves(
  images: [number, number, number, number],
  deviation: number,
  random: Random,
): Record<"noise" | "sources" | "targets", tf.Tensor> {
  const source = random.child("noise");
  // A loop: `Float32Array.from` with a function takes several times as long, which shows beside the step itself.
  const noise = new Float32Array(images.reduce((product, length) => product * length, 1));
  for (let at = 0; at < noise.length; at++) noise[at] = source.normal(0, deviation);
  return { noise: tf.tensor4d(noise, images), ...uploadMoves(images, drawTurns(images[0], random.child("turns"))) };
}

/** Logits of the noisy and moved images, moved back: `T^-1 f(T (x + noise))`. Call it inside `tf.tidy`. */
export function movedLogits(
  { images, forward }: Sight,
  { noise, sources, targets }: Inputs,
  pass: Partial<Pass> = {},
): tf.Tensor4D {
  const moves = { sources: sources as tf.Tensor1D, targets: targets as tf.Tensor1D };
  return turnBack(forward(turn(tf.add(images, noise), moves), pass).logits, moves);
}
