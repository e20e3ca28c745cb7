import { WorkbenchError } from "../core/errors";
import type { SliceSet } from "../data/set/types";
import type { Reading } from "../data/set/stacking";
import type { ClassRule } from "../data/task/classes";

/** What the models learnt from, which images have to be like. */
export interface ImageWish {
  /** Pixels along each side of what the network sees. */
  readonly side: number;
  readonly reading: Reading;
  /** To which sides of the body the axes of the training images run (`RAS`), each of those that occur; none where it is not known. */
  readonly orientations?: readonly string[];
}

/** An image without a mask, ready for the network, that knows the way back. */
export interface OpenImage {
  /** All of its slices; `masks` holds nothing. */
  readonly slices: SliceSet;
  /** Slices, rows and columns of the file, turned where a task says so. */
  readonly shape: readonly [depth: number, height: number, width: number];
  /** Millimetres, in the order of `shape`; none of a photograph. */
  readonly spacing?: readonly [depth: number, height: number, width: number];
  /** What is odd about it and was used nevertheless, one line each. */
  readonly notes: readonly string[];
  /** @param mask `[depth, height, width]`, classes @returns the bytes of its file, in the image's own geometry */
  encode(mask: Uint8Array): Uint8Array;
  /** @returns the classes of a file that `encode` made */
  decode(file: Uint8Array): Uint8Array;
}

/** A kind of image that models segment. */
export interface ImageKind {
  /** As messages call it: `a volume (.nii or .nii.gz)`. */
  readonly name: string;
  readonly ending: RegExp;
  /** Of a task of one's own its classes, whose masks are outlined each by itself. */
  readonly labels?: readonly ClassRule[];
  /** In a sentence, how an image comes to the network's size and its mask back. */
  readonly way: (side: number) => string;
  /** @throws WorkbenchError naming the image and why it cannot be used */
  open(bytes: Uint8Array, name: string, classes: number, wish: ImageWish): OpenImage;
}

/** Of what is smaller than half of what the network sees, more would be invented than seen. */
const leastShare = 0.5;
/** A tenth off is let pass, as when real sets are imported: the image is stretched to a square. */
const squareWithin = 0.1;
/** Values of a mask; an image has hundreds. */
const mostLabels = 8;
/** Voxels that are opened at once. */
const largest = 2 ** 28;

/** @throws WorkbenchError when an image is too large to be opened */
export function checkVoxels(name: string, [depth, height, width]: readonly [number, number, number]): void {
  if (depth * height * width <= largest) return;
  throw new WorkbenchError(
    `${name}: ${depth} slices of ${height} x ${width} pixels are more than ${largest} voxels`,
    "crop it, or cut it into parts",
  );
}

/** @param lengths height and width of what a slice shows, in one unit @throws WorkbenchError when a network of that side cannot take it */
export function checkSize(
  name: string,
  [depth, height, width]: readonly [number, number, number],
  lengths: readonly [number, number],
  side: number,
): void {
  const refuse = (problem: string, hint: string) => new WorkbenchError(`${name}: ${problem}`, hint);
  const pixels = `${height} x ${width} pixels`;
  checkVoxels(name, [depth, height, width]);
  if (Math.min(height, width) < leastShare * side)
    throw refuse(
      `slices of ${pixels} are too small for models that see ${side} x ${side}`,
      `give at least ${Math.ceil(leastShare * side)} pixels along each side`,
    );
  const ratio = lengths[1] / lengths[0];
  if (Math.abs(ratio - 1) > squareWithin)
    throw refuse(
      `slices of ${pixels} show a field ${ratio.toFixed(2)} times as wide as high, and the models learnt from square ones`,
      "crop or pad it to a square",
    );
}

/** @throws WorkbenchError when the values are those of a mask, or no numbers */
export function checkValues(name: string, values: ArrayLike<number>): void {
  const seen = new Set<number>();
  let bad: number | undefined;
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) bad ??= values[i];
    if (seen.size <= mostLabels) seen.add(values[i]);
  }
  if (bad !== undefined)
    throw new WorkbenchError(`${name}: has voxels that are not numbers (${bad})`, "save it anew without them");
  if (seen.size > mostLabels || seen.size === 1) return; // of one value: see `moments`
  const found = [...seen].sort((a, b) => a - b).join(", ");
  throw new WorkbenchError(
    `${name}: holds only the values ${found}, as a mask does`,
    "leave masks out of the folder of images",
  );
}
