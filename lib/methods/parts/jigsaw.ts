import * as tf from "@tensorflow/tfjs-core";
import type { Random } from "../../core/random";
import { softDiceLoss } from "../../nets/model/losses";
import { turn } from "../../nets/model/transforms";
import { named, type Inputs } from "../../nets/run/named";
import type { Draws, LabelledSight, Loss } from "../../nets/run/recipe";
import { crossEntropy, type Head } from "./heads";

const side = 3;
const tiles = side * side;

/** Which of the permutations it is, told from the bottleneck; class 0 is the image as it is. */
export const jigsawHead = (permutations: number): Head => ({
  name: "jigsaw",
  tap: "bottleneck",
  outputs: permutations + 1,
});

/**
 * Permutations of the tiles that are far from each other (Noroozi and Favaro, ECCV 2016): each next one is, of a hundred that are drawn,
 * the one whose smallest Hamming distance to those before is largest. Always the same ones.
 */
export function distantOrders(count: number, random: Random): number[][] {
  const chosen: number[][] = [Array.from({ length: tiles }, (_, tile) => tile)];
  const apart = (a: readonly number[], b: readonly number[]) => a.filter((tile, place) => tile !== b[place]).length;
  while (chosen.length <= count) {
    const drawn = Array.from({ length: 100 }, () => Array.from(random.permutation(tiles)));
    const least = drawn.map((order) => Math.min(...chosen.map((other) => apart(order, other))));
    chosen.push(drawn[least.indexOf(Math.max(...least))]);
  }
  return chosen.slice(1);
}

/**
 * Where every pixel of a batch comes from: tile t of the result is tile `order[t]`, of `floor(height / 3)` by `floor(width / 3)` pixels from
 * the top left, numbered by rows; rows and columns that are left over stay.
 */
export function shuffledPixels(height: number, width: number, orders: readonly (readonly number[])[]): Int32Array {
  const [high, wide] = [Math.floor(height / side), Math.floor(width / side)];
  const sources = new Int32Array(orders.length * height * width);
  orders.forEach((order, image) => {
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        const [down, right] = [Math.floor(row / high), Math.floor(column / wide)];
        const from = down < side && right < side ? order[down * side + right] : undefined;
        const source =
          from === undefined
            ? [row, column]
            : [Math.floor(from / side) * high + (row % high), (from % side) * wide + (column % wide)];
        sources[(image * height + row) * width + column] = (image * height + source[0]) * width + source[1];
      }
    }
  });
  return sources;
}

/** The draws of a step. @param orders of the images, none for one that stays, beside their classes */
export function uploadShuffles(
  [, height, width]: readonly number[],
  orders: readonly (readonly number[])[],
  labels: readonly number[],
  classes: number,
): Record<string, tf.Tensor> {
  const sources = shuffledPixels(height, width, orders);
  const targets = new Int32Array(sources.length);
  sources.forEach((source, target) => (targets[source] = target));
  return {
    sources: tf.tensor1d(sources, "int32"),
    targets: tf.tensor1d(targets, "int32"),
    labels: tf.tidy(() => tf.cast(tf.oneHot(tf.tensor1d(Array.from(labels), "int32"), classes), "float32")),
  };
}

/** Each image as it is with probability `whole`, else in one of the orders. */
export const drawShuffles =
  (orders: readonly (readonly number[])[], whole: number): Draws =>
  (random, shape) => {
    const labels = Array.from({ length: shape[0] }, () =>
      random.uniform() < whole ? 0 : 1 + random.integer(orders.length),
    );
    const straight = Array.from({ length: tiles }, (_, tile) => tile);
    return uploadShuffles(
      shape,
      labels.map((label) => (label === 0 ? straight : orders[label - 1])),
      labels,
      orders.length + 1,
    );
  };

/** Soft Dice of the images, and beside it how well the head tells the order of their shuffled tiles. */
export const diceAndJigsaw = (weight: number): Loss => named(jointly, { numbers: { weight } });

function jointly({ images, forward, truth }: LabelledSight, { sources, targets, labels, weight }: Inputs) {
  const dice = softDiceLoss(forward().logits, truth);
  const shuffled = turn(images, { sources: sources as tf.Tensor1D, targets: targets as tf.Tensor1D });
  const { taps } = forward(shuffled, { until: "bottleneck" });
  const permutation = crossEntropy(taps.get("jigsaw") as tf.Tensor, labels);
  return { total: tf.add(dice, tf.mul(permutation, weight)) as tf.Scalar, dice, permutation };
}
