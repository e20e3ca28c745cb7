import { percentileOfSorted } from "../core/percentile";
import { middlePlane } from "./batches";
import type { SliceSet } from "./types";

/** Points at which two distributions are compared. */
const resolution = 200;

/**
 * Wasserstein-1 distance between two samples: the mean distance of their quantiles, in the unit of the values. 0 when they are equal.
 */
export function quantileDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return meanDistance(quantiles(a), quantiles(b));
}

/** The intensities of a set's labelled slices (each once: the middle channel), inside the prostate or everywhere. */
export function intensities(set: SliceSet, within: "prostate" | "image"): Float32Array {
  const all = new Float32Array(set.masks.length);
  for (let slice = 0; slice < set.count; slice++) all.set(middlePlane(set, slice), slice * set.height * set.width);
  return within === "image" ? all : all.filter((_, i) => set.masks[i] > 0);
}

/** How far the intensities of every two sites lie apart: `[site][site]`, symmetric, 0 on the diagonal. */
export function domainGap(sets: readonly SliceSet[], within: "prostate" | "image"): number[][] {
  const samples = sets.map((set) => quantiles(intensities(set, within)));
  return samples.map((a) => samples.map((b) => meanDistance(a, b)));
}

function quantiles(values: ArrayLike<number>): number[] {
  const sorted = Float64Array.from(values).sort();
  return Array.from({ length: resolution }, (_, i) => percentileOfSorted(sorted, (i + 0.5) / resolution));
}

function meanDistance(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + Math.abs(value - b[i]), 0) / a.length;
}
