import type { Random } from "../core/random";
import { percentile } from "../core/percentile";
import { mean } from "./summary";

/** Values of one case: one for each seed. */
export type CaseValues = readonly number[];

export interface BootstrapOptions {
  readonly confidence?: number;
  readonly resamples?: number;
  readonly random: Random;
}

export interface Interval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Stratified percentile bootstrap of the mean over strata (sites) of the mean over cases of the mean over seeds. Cases are drawn within
 * their stratum, and seeds within their case, so that seeds do not pass as more patients.
 * @param strata `[stratum][case][seed]`; no stratum and no case may be empty
 */
export function bootstrapInterval(
  strata: readonly (readonly CaseValues[])[],
  { confidence = 0.95, resamples = 2000, random }: BootstrapOptions,
): Interval {
  if (
    strata.length === 0 ||
    strata.some((cases) => cases.length === 0 || cases.some((values) => values.length === 0))
  ) {
    throw new RangeError("cannot resample an empty stratum or case");
  }
  const draw = <Item>(items: readonly Item[]): Item[] => items.map(() => items[random.integer(items.length)]);
  const estimates = Array.from({ length: resamples }, () =>
    mean(strata.map((cases) => mean(draw(cases).map((values) => mean(values.length > 1 ? draw(values) : values))))),
  );
  const outside = (1 - confidence) / 2;
  return {
    mean: mean(strata.map((cases) => mean(cases.map(mean)))),
    low: percentile(estimates, outside),
    high: percentile(estimates, 1 - outside),
  };
}
