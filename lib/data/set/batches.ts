import type { Random } from "../../core/random";
import type { SliceSet } from "./types";
import { spreadValues } from "./values";

/** Some slices of a set, copied out for the network. */
export interface Batch {
  /** `[slices, height, width, channels]`. */
  readonly images: Float32Array;
  /** `[slices, height, width]`, classes. */
  readonly masks: Float32Array;
}

/** @returns a random order of 0 ... count-1, cut into batches; the last one may be smaller. */
export function batchIndices(count: number, batchSize: number, random: Random): Int32Array[] {
  return cut(random.permutation(count), batchSize);
}

/** @returns 0 ... count-1 in order, cut into batches; the last one may be smaller. */
export function sequentialBatches(count: number, batchSize: number): Int32Array[] {
  return cut(
    Int32Array.from({ length: count }, (_, index) => index),
    batchSize,
  );
}

/** Copies the slices named by `indices`, in that order, and stacks their channels. */
export function gather({ planes, stack, masks, height, width, channels }: SliceSet, indices: ArrayLike<number>): Batch {
  const area = height * width;
  const batch = {
    images: new Float32Array(indices.length * area * channels),
    masks: new Float32Array(indices.length * area),
  };
  for (let i = 0; i < indices.length; i++) {
    for (let channel = 0; channel < channels; channel++) {
      const first = stack[indices[i] * channels + channel] * area;
      spreadValues(planes, first, first + area, batch.images, i * area * channels + channel, channels);
    }
    batch.masks.set(masks.subarray(indices[i] * area, (indices[i] + 1) * area), i * area);
  }
  return batch;
}

/**
 * The middle channel of one slice: of three neighbours the slice itself, of a photograph its green. @returns `[height, width]`, a
 * view of what is in memory
 */
export function middlePlane({ planes, stack, height, width, channels }: SliceSet, slice: number): Float32Array {
  const plane = stack[slice * channels + Math.floor(channels / 2)];
  return planes.subarray(plane * height * width, (plane + 1) * height * width);
}

function cut(order: Int32Array, batchSize: number): Int32Array[] {
  if (!Number.isInteger(batchSize) || batchSize < 1) throw new RangeError(`invalid batch size: ${batchSize}`);
  return Array.from({ length: Math.ceil(order.length / batchSize) }, (_, index) =>
    order.slice(index * batchSize, (index + 1) * batchSize),
  );
}
