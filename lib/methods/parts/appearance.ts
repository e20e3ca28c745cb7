import * as tf from "@tensorflow/tfjs-core";
import type { Random } from "../../core/random";
import type { Inputs } from "../../nets/run/named";
import type { Draws } from "../../nets/run/recipe";
import { mirrored } from "./mirrored";

/** Ranges of BigAug's changes of appearance, of z-scored images (kari-jg/BigAug_torchio 0e38766). */
const ranges = {
  blur: [0.25, 1.5],
  sharpen: [10, 30],
  noise: [0.1, 1],
  brightness: [-0.1, 0.1],
  gamma: [0.5, 4.5],
  perturb: [-0.1, 0.1],
} as const;

/** The smallest normal number: of nothing, every power is nothing. */
const least = 2 ** -126;

/**
 * A Gaussian filter of a line as a matrix, row by row: up to `floor(4 sigma + 0.5)` pixels away, borders mirrored with the edge repeated.
 * Of deviation 0 nothing is filtered.
 */
function blurMatrix(length: number, sigma: number): Float32Array {
  const matrix = new Float32Array(length * length);
  const radius = Math.floor(4 * sigma + 0.5);
  const offsets = Array.from({ length: 2 * radius + 1 }, (_, i) => i - radius);
  const weights = offsets.map((offset) => (sigma > 0 ? Math.exp(-0.5 * (offset / sigma) ** 2) : 1));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  for (let row = 0; row < length; row++) {
    offsets.forEach((offset, i) => {
      matrix[row * length + mirrored(row + offset, length)] += weights[i] / total;
    });
  }
  return matrix;
}

/** Matrices that blur every image of a batch by its own deviation, under a name. */
export function uploadBlur(name: string, [, height, width]: readonly number[], sigmas: readonly number[]) {
  const stacked = (length: number) => {
    const matrices = new Float32Array(sigmas.length * length * length);
    sigmas.forEach((sigma, image) => matrices.set(blurMatrix(length, sigma), image * length * length));
    return tf.tensor3d(matrices, [sigmas.length, length, length]);
  };
  return { [`${name}/rows`]: stacked(height), [`${name}/columns`]: stacked(width) };
}

/** One number for each image, which spreads over its pixels. */
export const uploadNumbers = (values: readonly number[]): tf.Tensor4D =>
  tf.tensor4d([...values], [values.length, 1, 1, 1]);

/** Image by image, since products of batches of matrices are the only ones that the engine leaves to its library. */
function blurred(x: tf.Tensor, inputs: Inputs, name: string): tf.Tensor {
  const [, height, width, channels] = x.shape;
  const [rows, columns] = ["rows", "columns"].map((part) => tf.unstack(inputs[`${name}/${part}`]));
  const images = tf.unstack(x).map((image, i) => {
    const down = tf.matMul(rows[i] as tf.Tensor2D, tf.reshape<tf.Rank.R2>(image, [height, width * channels]));
    const turned = tf.transpose(tf.reshape<tf.Rank.R3>(down, [height, width, channels]), [1, 0, 2]);
    const across = tf.matMul(columns[i] as tf.Tensor2D, tf.reshape<tf.Rank.R2>(turned, [width, height * channels]));
    return tf.transpose(tf.reshape<tf.Rank.R3>(across, [width, height, channels]), [1, 0, 2]);
  });
  return tf.stack(images);
}

/** The changes of appearance, in their order; each takes its numbers by name. */
export const appearances: Readonly<Record<string, (x: tf.Tensor, inputs: Inputs) => tf.Tensor>> = {
  blur: (x, inputs) => blurred(x, inputs, "blur"),
  sharpen(x, inputs) {
    const soft = blurred(x, inputs, "first");
    return tf.add(soft, tf.mul(inputs.amount, tf.sub(soft, blurred(soft, inputs, "second"))));
  },
  noise: (x, { noise }) => tf.add(x, noise),
  brightness: (x, { brightness }) => tf.add(x, brightness),
  // A power by logarithms, which are the same everywhere.
  gamma: (x, { gamma }) => tf.mul(tf.sign(x), tf.exp(tf.mul(gamma, tf.log(tf.maximum(tf.abs(x), least))))),
  // The unofficial code computes x s + t, which leaves no contrast.
  perturb: (x, { scale, shift }) => tf.add(tf.mul(x, tf.add(1, scale)), shift),
};

/** Every change of every image with probability p, one after the other. */
export const drawAppearance =
  (p: number): Draws =>
  (random, shape) => {
    const numbers = (name: string, none: number, draw: (source: Random) => number) =>
      Array.from({ length: shape[0] }, (_, image) => {
        const source = random.child(`${name}/${image}`);
        return source.uniform() < p ? draw(source) : none;
      });
    const within = (name: keyof typeof ranges, as: string = name) =>
      numbers(as, 0, (source) => source.uniform(...ranges[name]));
    const amount = numbers("sharpen", 0, (source) => Math.floor(source.uniform(...ranges.sharpen)));
    const sharp = (as: string) =>
      amount.map((own, i) => (own > 0 ? random.child(`${as}/${i}`).uniform(...ranges.blur) : 0));
    const [least, most] = ranges.gamma;
    const gamma = numbers("gamma", 1, (source) => least * (most / least) ** source.uniform());
    const source = random.child("field");
    const pixels = shape[1] * shape[2] * shape[3];
    const field = new Float32Array(shape[0] * pixels);
    within("noise").forEach((sigma, image) => {
      for (let pixel = 0; pixel < pixels; pixel++) field[image * pixels + pixel] = source.normal(0, sigma);
    });
    return {
      ...uploadBlur("blur", shape, within("blur")),
      ...uploadBlur("first", shape, sharp("first")),
      ...uploadBlur("second", shape, sharp("second")),
      amount: uploadNumbers(amount),
      noise: tf.tensor4d(field, shape),
      brightness: uploadNumbers(within("brightness")),
      gamma: uploadNumbers(gamma),
      scale: uploadNumbers(within("perturb", "scale")),
      shift: uploadNumbers(within("perturb", "shift")),
    };
  };
