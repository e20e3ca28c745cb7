import * as tf from "@tensorflow/tfjs-core";
import type { Random } from "../core/random";
import type { Dropout } from "./routed-unet";
import type { Augmentation } from "./routing-objective";
import { drawTurns } from "./transforms";

/**
 * Draws the augmentation of one adaptation step: Gaussian noise in the units of the images, a move for each image, and the dropout of
 * the three passes. The noise is the caller's to dispose; dropout is drawn inside the network's own `tf.tidy`.
 * @param deviation of the noise @param dropout share of hidden gate values that is dropped, 0 for none
 */
export function drawAugmentation(shape: [number, number, number, number], deviation: number, dropout: number, random: Random): Augmentation {
  const source = random.child("noise");
  const noise = Float32Array.from({ length: shape.reduce((product, length) => product * length, 1) }, () => source.normal(0, deviation));
  const pass = (name: string) => drawDropout(dropout, random.child(name));
  const [main, augmented, clean] = ["main", "augmented", "clean"].map(pass);
  return {
    noise: tf.tensor4d(noise, shape),
    turns: drawTurns(shape[0], random.child("turns")),
    ...(main && augmented && clean && { dropout: { main, augmented, clean } }),
  };
}

/** Inverted dropout: 0 with probability `share`, else 1 / (1 - share). @returns nothing for a share of 0 */
export function drawDropout(share: number, random: Random): Dropout | undefined {
  if (share === 0) return undefined;
  return (layer, [batch, hidden]) => {
    const source = random.child(layer);
    const factors = Float32Array.from({ length: batch * hidden }, () => (source.uniform() < share ? 0 : 1 / (1 - share)));
    return tf.tensor2d(factors, [batch, hidden]);
  };
}
