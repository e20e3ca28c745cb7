import * as tf from "@tensorflow/tfjs-core";
import type { Random } from "../../core/random";
import type { Inputs } from "../../nets/run/named";
import { bentBy, drawBend, type Bend } from "./bend";
import { mirrored } from "./mirrored";
import { cosineOf, sineOf } from "./sines";

/** Ranges of BigAug's changes of shape (kari-jg/BigAug_torchio 0e38766). */
const ranges = { turn: [-20, 20], scale: [0.4, 1.6] } as const;

/** How one image changes its shape: turned counter-clockwise by degrees and enlarged, both around its middle, then bent. */
export interface Shaped {
  readonly turn: number;
  readonly scale: number;
  readonly bend?: Bend;
}

/** Each change of every image with probability p. */
export const drawShapes = (p: number, count: number, random: Random): Shaped[] =>
  Array.from({ length: count }, (_, image) => {
    const drawn = <Value, None>(name: string, none: None, draw: (source: Random) => Value): Value | None => {
      const source = random.child(`${name}/${image}`);
      return source.uniform() < p ? draw(source) : none;
    };
    return {
      turn: drawn("turn", 0, (source) => source.uniform(...ranges.turn)),
      scale: drawn("scale", 1, (source) => source.uniform(...ranges.scale)),
      bend: drawn("bend", undefined, drawBend),
    };
  });

/** @returns where each pixel of the changed image comes from, in pixels of the image as it was: `[row * width + column]`, down and to the right */
function sourcesOf({ turn, scale, bend }: Shaped, [height, width]: readonly [number, number]) {
  const angle = (turn * Math.PI) / 180;
  const [cosine, sine] = [cosineOf(angle) / scale, sineOf(angle) / scale];
  const [middle, centre] = [(height - 1) / 2, (width - 1) / 2];
  const moves = bend && bentBy(bend, [height, width]);
  const [y, x] = [new Float64Array(height * width), new Float64Array(height * width)];
  for (let row = 0, pixel = 0; row < height; row++)
    for (let column = 0; column < width; column++, pixel++) {
      const [down, right] = [row - middle, column - centre];
      y[pixel] = middle + cosine * down + sine * right + (moves ? moves.down[pixel] : 0) * height;
      x[pixel] = centre - sine * down + cosine * right + (moves ? moves.right[pixel] : 0) * width;
    }
  return { y, x };
}

/** What is next to a place: four pixels with their shares, and the nearest. */
const corners = [0, 1, 2, 3] as const;

/**
 * The changes of a batch, for `reshaped`: three of them are one interpolation, so that nothing is blurred three times.
 * @param shape of the images, `[batch, height, width, channel]` @returns tensors by name, the caller's to dispose
 */
export function uploadShapes(
  [, height, width]: readonly number[],
  shapes: readonly Shaped[],
): Record<string, tf.Tensor> {
  const pixels = shapes.length * height * width;
  const places = corners.map(() => new Int32Array(pixels));
  const shares = corners.map(() => new Float32Array(pixels));
  const nearest = new Int32Array(pixels);
  shapes.forEach((shape, image) => {
    const sources = sourcesOf(shape, [height, width]);
    const at = (row: number, column: number) =>
      (image * height + mirrored(row, height)) * width + mirrored(column, width);
    for (let own = 0, pixel = image * height * width; own < height * width; own++, pixel++) {
      const [y, x] = [sources.y[own], sources.x[own]];
      const [top, left] = [Math.floor(y), Math.floor(x)];
      nearest[pixel] = at(Math.round(y), Math.round(x));
      for (const corner of corners) {
        const [down, right] = [corner >> 1, corner & 1];
        places[corner][pixel] = at(top + down, left + right);
        shares[corner][pixel] = (down ? y - top : top + 1 - y) * (right ? x - left : left + 1 - x);
      }
    }
  });
  return {
    nearest: tf.tensor1d(nearest, "int32"),
    ...Object.fromEntries(places.map((each, corner) => [`place/${corner}`, tf.tensor1d(each, "int32")])),
    ...Object.fromEntries(shares.map((each, corner) => [`share/${corner}`, tf.tensor2d(each, [pixels, 1])])),
  };
}

/** Gathers pixels of a batch, `[batch, height, width, channel]`, as rows of channels. */
const gathered = (x: tf.Tensor, places: tf.Tensor): tf.Tensor =>
  tf.gatherND(tf.reshape(x, [-1, x.shape[3] as number]), tf.reshape(places, [-1, 1]));

/** Images in another shape, bilinear between pixels, mirrored at the border. No gradient passes. */
export function reshaped(images: tf.Tensor4D, inputs: Inputs): tf.Tensor4D {
  const parts = corners.map((corner) => tf.mul(gathered(images, inputs[`place/${corner}`]), inputs[`share/${corner}`]));
  return tf.reshape(
    parts.reduce((sum, part) => tf.add(sum, part)),
    images.shape,
  );
}

/** Their masks, one-hot: the class of the nearest pixel. */
export const reshapedTruth = (truth: tf.Tensor4D, { nearest }: Inputs): tf.Tensor4D =>
  tf.reshape(gathered(truth, nearest), truth.shape);
