import { mean } from "../core/mean";
import type { Random } from "../core/random";
import { partsOf, type CaseValues } from "./bootstrap";

interface ResampleOptions {
  readonly resamples: number;
  readonly random: Random;
}

/**
 * The means of several things (methods) over the same strata, cases and seeds, were others drawn: as `bootstrapInterval` thinks of them, and
 * for all things the same draws, so that what they have in common stays in common.
 * @param things `[thing][stratum][case][seed]`, of one shape
 * @returns `[resample][thing]`
 * @throws RangeError for an empty stratum or case, and for things of different shapes
 */
export function resampledMeans(
  things: readonly (readonly (readonly CaseValues[])[])[],
  { resamples, random }: ResampleOptions,
): number[][] {
  const parts = things.map(partsOf);
  const shapes = parts.map(({ caseMeans, shifts }) => [...caseMeans, shifts].map(({ length }) => length));
  const [shape = []] = shapes;
  if (shapes.some((other) => other.join() !== shape.join())) throw new RangeError("things of different shapes");
  const strata = shape.length - 1;
  return Array.from({ length: resamples }, () => {
    const draws = shape.map((count) => drawsOf(count, random));
    return parts.map(({ caseMeans, shifts }) => {
      const ofCases = caseMeans.map((means, stratum) => meanAt(means, draws[stratum]));
      return mean(ofCases) + (shifts.length > 0 ? meanAt(shifts, draws[strata]) : 0);
    });
  });
}

/** Draws one fewer than there are; of a single one that one. */
const drawsOf = (count: number, random: Random): number[] =>
  Array.from({ length: count === 0 ? 0 : Math.max(1, count - 1) }, () => random.integer(count));

function meanAt(values: readonly number[], places: readonly number[]): number {
  let total = 0;
  for (const place of places) total += values[place];
  return total / places.length;
}
