import * as tf from "@tensorflow/tfjs-core";
import { WorkbenchError } from "../../core/errors";
import type { Random } from "../../core/random";

/** How one image is moved: its rows reversed or not, then turned counter-clockwise by quarters (`numpy.rot90` over rows and columns). */
export interface Turn {
  readonly flip: boolean;
  readonly quarters: number;
}

/** A flip with probability 1/2 and 0 to 3 quarter turns, for each image of a batch. */
export function drawTurns(count: number, random: Random): Turn[] {
  return Array.from({ length: count }, () => ({ flip: random.integer(2) === 1, quarters: random.integer(4) }));
}

/** Where every pixel of a batch comes from in a move, and in the move back: int32 vectors of batch * side * side pixels. */
export interface Moves {
  readonly sources: tf.Tensor1D;
  readonly targets: tf.Tensor1D;
}

/**
 * @param shape of the images, `[batch, side, side, channel]`
 * @returns how every image is moved in its own way, the caller's to dispose
 * @throws WorkbenchError when images that are not square are turned by an odd number of quarters
 */
export function uploadMoves(shape: readonly number[], turns: readonly Turn[]): Moves {
  const sources = sourcePixels(shape, turns);
  return { sources: tf.tensor1d(sources, "int32"), targets: tf.tensor1d(inverse(sources), "int32") };
}

/**
 * Moves every image of a batch. Nothing is interpolated, so `turnBack` undoes it exactly; differentiable in the images.
 * @param images `[batch, side, side, channel]`
 * @returns a tensor of the same shape, the caller's to dispose
 */
export function turn(images: tf.Tensor4D, { sources, targets }: Moves): tf.Tensor4D {
  return permutePixels(images, sources, targets);
}

/** Undoes `turn`. */
export function turnBack(images: tf.Tensor4D, { sources, targets }: Moves): tf.Tensor4D {
  return permutePixels(images, targets, sources);
}

/** For every pixel after the move, the index of the pixel of the whole batch that it was before. */
function sourcePixels([batch, height, width]: readonly number[], turns: readonly Turn[]): Int32Array {
  if (turns.length !== batch) throw new RangeError(`${turns.length} turns for a batch of ${batch}`);
  if (height !== width && turns.some(({ quarters }) => quarters % 2 !== 0)) {
    throw new WorkbenchError(`images of ${height}x${width} pixels cannot be turned by a quarter`, "use square images");
  }
  const sources = new Int32Array(batch * height * width);
  let target = 0;
  turns.forEach(({ flip, quarters }, image) => {
    for (let i = 0; i < height; i++) {
      for (let j = 0; j < width; j++) {
        let [row, column] = [i, j];
        // Undoes one quarter after the other; after an odd number of quarters the image is as wide as it was high.
        for (let left = quarters; left > 0; left--)
          [row, column] = [column, (left % 2 === 1 ? width : height) - 1 - row];
        if (flip) row = height - 1 - row;
        sources[target++] = (image * height + row) * width + column;
      }
    }
  });
  return sources;
}

function inverse(permutation: Int32Array): Int32Array {
  const inverted = new Int32Array(permutation.length);
  permutation.forEach((source, target) => (inverted[source] = target));
  return inverted;
}

/** The gradient of a permutation is its inverse; gathering has no gradient on WebAssembly. Unlike `gather`, `gatherND` reads no indices on the host. */
function permutePixels(images: tf.Tensor4D, sources: tf.Tensor1D, targets: tf.Tensor1D): tf.Tensor4D {
  const { shape } = images;
  const gather = (x: tf.Tensor, indices: tf.Tensor1D): tf.Tensor =>
    tf.tidy(() => tf.reshape(tf.gatherND(tf.reshape(x, [-1, shape[3]]), tf.reshape(indices, [-1, 1])), shape));
  const permute = tf.customGrad((x) => ({
    value: gather(x as tf.Tensor, sources),
    gradFunc: (dy: tf.Tensor) => gather(dy, targets),
  }));
  return permute(images) as tf.Tensor4D;
}
