import { mean, sum } from "../core/mean";
import type { Random } from "../core/random";
import { studentQuantile } from "./distributions";
import { standardDeviation } from "./summary";

/** Values of one case: one for each seed, the same seed in the same place in every case; `undefined` where it was not measured. */
export type CaseValues = readonly (number | undefined)[];

export interface BootstrapOptions {
  readonly confidence?: number;
  readonly resamples?: number;
  readonly random: Random;
  /** What the mean cannot exceed: bounds beyond it are moved to it. */
  readonly range?: readonly [least: number, most: number];
}

export interface Interval {
  readonly mean: number;
  /** NaN where a stratum has a single case: nothing then tells how far its cases differ. */
  readonly low: number;
  readonly high: number;
}

/**
 * Stratified bootstrap of the mean over strata (sites) of the mean over cases (patients) of the mean over seeds. The strata are these
 * sites, not a sample of all hospitals; cases are a sample of their site, seeds of all seeds.
 *
 * Of n cases n - 1 are drawn, with replacement, within their stratum: drawing n would make variances too small by (n - 1) / n, that is
 * by half with two cases (Rao and Wu, JASA 83:231-241, 1988). A case is drawn with all of its seeds, so that seeds do not pass as more
 * patients. A seed moves all cases together, since they share a trained model; seeds are therefore drawn once for all cases, by what
 * each does to the mean. The interval is the mean and Student's quantile times the standard error of the resamples, with Satterthwaite's
 * degrees of freedom (Biometrics Bulletin 2:110-114, 1946): quantiles of so few cases never reach beyond the cases themselves.
 * How often it covers the truth is simulated in `test/stats/coverage.test.ts`.
 * @param strata `[stratum][case][seed]`; no stratum and no case may be empty
 * @throws RangeError for an empty stratum or case
 */
export function bootstrapInterval(
  strata: readonly (readonly CaseValues[])[],
  { confidence = 0.95, resamples = 2000, random, range = [-Infinity, Infinity] }: BootstrapOptions,
): Interval {
  const caseMeans = strata.map((cases) => cases.map((values) => mean(measured(values))));
  if (strata.length === 0 || caseMeans.some((means) => means.length === 0 || means.some(Number.isNaN)))
    throw new RangeError("cannot resample an empty stratum or case");
  const centre = mean(caseMeans.map(mean));
  if (caseMeans.some((means) => means.length < 2)) return { mean: centre, low: NaN, high: NaN };
  const shifts = seedShifts(strata, caseMeans);
  const estimates = Array.from(
    { length: resamples },
    () => mean(caseMeans.map((means) => meanOfDraws(means, random))) + meanOfDraws(shifts, random),
  );
  const reach =
    studentQuantile((1 + confidence) / 2, degreesOfFreedom(caseMeans, shifts)) * standardDeviation(estimates);
  return { mean: centre, low: Math.max(centre - reach, range[0]), high: Math.min(centre + reach, range[1]) };
}

const measured = (values: CaseValues): number[] => values.filter((value): value is number => value !== undefined);

/** How far the mean of each seed lies from the mean of all: taken within cases, so that a case which lacks a seed moves neither. */
function seedShifts(strata: readonly (readonly CaseValues[])[], caseMeans: readonly (readonly number[])[]): number[] {
  const seeds = Math.max(...strata.flat().map((values) => values.length));
  return Array.from({ length: seeds }, (_, seed) => {
    const shifts = strata.map((cases, stratum) =>
      cases.flatMap((values, index) => {
        const value = values[seed];
        return value === undefined ? [] : [value - caseMeans[stratum][index]];
      }),
    );
    return mean(shifts.filter((each) => each.length > 0).map(mean));
  }).filter((shift) => !Number.isNaN(shift));
}

/** Draws one fewer than there are; of a single value, which tells nothing of spread, that value. */
function meanOfDraws(values: readonly number[], random: Random): number {
  const draws = Math.max(1, values.length - 1);
  let total = 0;
  for (let draw = 0; draw < draws; draw++) total += values[random.integer(values.length)];
  return total / draws;
}

/** Satterthwaite's degrees of freedom of a sum of independent mean squares: of every stratum's cases, and of the seeds. */
function degreesOfFreedom(caseMeans: readonly (readonly number[])[], shifts: readonly number[]): number {
  const parts = [...caseMeans.map((means) => ({ means, weight: 1 / caseMeans.length })), { means: shifts, weight: 1 }]
    .filter(({ means }) => means.length > 1)
    .map(({ means, weight }) => ({
      variance: (weight * standardDeviation(means)) ** 2 / means.length,
      degrees: means.length - 1,
    }));
  const whole = sum(parts.map(({ variance }) => variance));
  // Where nothing varies the interval has no width, whatever the degrees.
  return whole === 0 ? 1 : whole ** 2 / sum(parts.map(({ variance, degrees }) => variance ** 2 / degrees));
}
