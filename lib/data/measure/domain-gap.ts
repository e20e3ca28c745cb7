import { percentileOfSorted } from "../../core/percentile";
import { ownChannels } from "../set/own-channels";
import type { SliceSet } from "../set/types";
import { allValues } from "../set/values";

/** Points at which two distributions are compared. */
const resolution = 200;

/** The intensities of a set's slices (each once), inside what is labelled or everywhere. @param channel one of `ownChannels` */
export function intensities(
  set: SliceSet,
  within: "prostate" | "image",
  channel = Math.floor(set.channels / 2),
): Float32Array {
  const { planes, stack, masks, count, channels } = set;
  const area = set.height * set.width;
  const all = new Float32Array(masks.length);
  for (let slice = 0; slice < count; slice++) {
    const plane = stack[slice * channels + channel];
    all.set(planes.subarray(plane * area, (plane + 1) * area), slice * area);
  }
  return within === "image" ? all : inside(all, allValues(masks));
}

const inside = (all: Float32Array, masks: Uint8Array) => all.filter((_, i) => masks[i] > 0);

/**
 * How far the intensities of every two sites lie apart: `[site][site]`, symmetric, 0 on the diagonal. Of photographs the mean
 * over red, green and blue.
 */
export function domainGap(sets: readonly SliceSet[], within: "prostate" | "image"): number[][] {
  const samples = sets.map((set) => ownChannels(set).map((channel) => quantiles(intensities(set, within, channel))));
  const between = (a: readonly number[][], b: readonly number[][]) =>
    a.reduce((sum, sample, channel) => sum + meanDistance(sample, b[channel]), 0) / a.length;
  return samples.map((a) => samples.map((b) => between(a, b)));
}

function quantiles(values: ArrayLike<number>): number[] {
  const sorted = Float64Array.from(values).sort();
  return Array.from({ length: resolution }, (_, i) => percentileOfSorted(sorted, (i + 0.5) / resolution));
}

function meanDistance(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + Math.abs(value - b[i]), 0) / a.length;
}
