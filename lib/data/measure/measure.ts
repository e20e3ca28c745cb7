import { mean, sum } from "../../core/mean";

/** Something that was measured in a phantom's images, beside what its constants ask for. */
export interface Measurement {
  readonly site: string;
  readonly property: string;
  readonly unit: string;
  readonly asked: number;
  readonly measured: number;
  /** Largest difference that is let pass, in the unit. */
  readonly tolerance: number;
  readonly holds: boolean;
}

/** Compares; a measurement that is not a number does not hold. */
export function compared(values: Omit<Measurement, "holds">): Measurement {
  return { ...values, holds: Math.abs(values.measured - values.asked) <= values.tolerance };
}

/** Root of the mean square distance from the mean. */
export function deviation(values: ArrayLike<number>): number {
  const centre = mean(values);
  return Math.sqrt(mean(Array.from(values, (value) => (value - centre) ** 2)));
}

/** The line `value = intercept + slope at` of least squares. */
export function fitLine(at: readonly number[], values: readonly number[]): { slope: number; intercept: number } {
  const [centre, height] = [mean(at), mean(values)];
  const slope = sum(at.map((x, i) => (x - centre) * (values[i] - height))) / sum(at.map((x) => (x - centre) ** 2));
  return { slope, intercept: height - slope * centre };
}

/**
 * Deviation of the noise of one image, from two that differ in nothing else: that of their difference by the root of two (method
 * 1 of the usual tests of scanners). Rounding to whole numbers, a twelfth of a squared step, is taken off.
 * @param step of the rounding, in the unit of the images
 */
export function repeatNoise(first: ArrayLike<number>, second: ArrayLike<number>, step: number): number {
  const squares = Array.from(first, (value, i) => (value - second[i]) ** 2);
  return Math.sqrt(Math.max(0, mean(squares) / 2 - (step * step) / 12));
}

/** A pixel's distance from an edge, across it, and its value. */
export interface EdgeSample {
  readonly at: number;
  readonly value: number;
}

/**
 * How far an edge is smeared: the deviation of the edge profile's derivative, in the unit of the distances. The edge is tilted
 * against the pixels, so that it is sampled finer than by them (as in ISO 12233). Where it lies is found from the profile.
 * @param bin width over which samples are averaged; @param reach how far from the edge the profile is followed
 */
export function edgeDeviation(samples: Iterable<EdgeSample>, bin: number, reach: number): number {
  const bins = new Map<number, { sum: number; count: number }>();
  for (const { at, value } of samples) {
    const place = Math.round(at / bin);
    const held = bins.get(place) ?? { sum: 0, count: 0 };
    bins.set(place, { sum: held.sum + value, count: held.count + 1 });
  }
  const whole = [...bins]
    .sort(([a], [b]) => a - b)
    .map(([place, held]) => ({ at: place * bin, value: held.sum / held.count }));
  const tenth = Math.ceil(whole.length / 10);
  const [low, high] = [whole.slice(0, tenth), whole.slice(-tenth)].map((end) => mean(end.map(({ value }) => value)));
  const edge = whole.find(({ value }) => (value - low) / (high - low) > 0.5)?.at ?? NaN;
  const profile = whole.filter(({ at }) => Math.abs(at - edge) < reach);
  const steps = profile
    .slice(1)
    .map(({ at, value }, i) => ({ at: (at + profile[i].at) / 2, weight: value - profile[i].value }));
  const total = sum(steps.map(({ weight }) => weight));
  const centre = sum(steps.map(({ at, weight }) => at * weight)) / total;
  return Math.sqrt(sum(steps.map(({ at, weight }) => (at - centre) ** 2 * weight)) / total);
}

/** Where a function that rises or falls without turning takes a value, by halving. */
export function solve(rule: (x: number) => number, value: number, low: number, high: number): number {
  const rising = rule(high) > rule(low);
  let [from, to] = [low, high];
  for (let step = 0; step < 60; step++) {
    const middle = (from + to) / 2;
    if (rule(middle) < value === rising) from = middle;
    else to = middle;
  }
  return (from + to) / 2;
}
