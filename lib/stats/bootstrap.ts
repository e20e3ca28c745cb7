import { mean, sum } from "../core/mean";
import { studentQuantile } from "./distributions";
import { standardDeviation } from "./summary";

/** Values of one case: one for each seed, the same seed in the same place in every case; `undefined` where it was not measured. */
export type CaseValues = readonly (number | undefined)[];

export interface BootstrapOptions {
  readonly confidence?: number;
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
 * degrees of freedom (Biometrics Bulletin 2:110-114, 1946): quantiles of so few cases never reach beyond the cases themselves. Of a mean
 * that standard error is known without drawing: it is what the error of ever more resamples comes to (the ideal bootstrap: Efron and
 * Tibshirani, An Introduction to the Bootstrap, 1993, chapter 6), which `lib/stats/resample.ts` draws, for the tests and for what is no mean.
 * How often it covers the truth is simulated in `test/stats/coverage.test.ts`.
 * @param strata `[stratum][case][seed]`; no stratum and no case may be empty
 * @throws RangeError for an empty stratum or case
 */
export function bootstrapInterval(
  strata: readonly (readonly CaseValues[])[],
  { confidence = 0.95, range = [-Infinity, Infinity] }: BootstrapOptions = {},
): Interval {
  const { caseMeans, shifts } = partsOf(strata);
  const centre = mean(caseMeans.map(mean));
  if (caseMeans.some((means) => means.length < 2)) return { mean: centre, low: NaN, high: NaN };
  const spreads = [...caseMeans.map((of) => spreadOf(of, 1 / caseMeans.length)), spreadOf(shifts, 1)].flat();
  const variance = sum(spreads.map((each) => each.variance));
  // Satterthwaite's. Where nothing varies the interval has no width, whatever the degrees.
  const degrees = variance === 0 ? 1 : variance ** 2 / sum(spreads.map((each) => each.variance ** 2 / each.degrees));
  const reach = studentQuantile((1 + confidence) / 2, degrees) * Math.sqrt(variance);
  return { mean: centre, low: Math.max(centre - reach, range[0]), high: Math.min(centre + reach, range[1]) };
}

/** What a mean over strata is made of: `[stratum][case]`, means over seeds, and what each seed does to the mean. */
export interface Parts {
  readonly caseMeans: readonly (readonly number[])[];
  readonly shifts: readonly number[];
}

/** @throws RangeError for an empty stratum or case */
export function partsOf(strata: readonly (readonly CaseValues[])[]): Parts {
  const caseMeans = strata.map((cases) => cases.map(meanOverSeeds));
  if (strata.length === 0 || caseMeans.some((means) => means.length === 0 || means.some(Number.isNaN)))
    throw new RangeError("cannot resample an empty stratum or case");
  return { caseMeans, shifts: seedShifts(strata, caseMeans) };
}

/** The variance of the mean of n - 1 draws of n values, times a weight; of a single value, which tells nothing of spread, none. */
function spreadOf(values: readonly number[], weight: number): { variance: number; degrees: number }[] {
  if (values.length < 2) return [];
  return [{ variance: (weight * standardDeviation(values)) ** 2 / values.length, degrees: values.length - 1 }];
}

/** @returns the mean over the seeds that were measured; NaN where none was */
export function meanOverSeeds(values: CaseValues): number {
  let [total, count] = [0, 0];
  for (const value of values)
    if (value !== undefined) {
      total += value;
      count++;
    }
  return total / count;
}

/** How far the mean of each seed lies from the mean of all: taken within cases, so that a case which lacks a seed moves neither. */
function seedShifts(strata: readonly (readonly CaseValues[])[], caseMeans: readonly (readonly number[])[]): number[] {
  const seeds = strata.flat().reduce((most, { length }) => Math.max(most, length), 0);
  return Array.from({ length: seeds }, (_, seed) => {
    const shifts = strata.map((cases, stratum) => {
      let [total, count] = [0, 0];
      cases.forEach((values, index) => {
        const value = values[seed];
        if (value === undefined) return;
        total += value - caseMeans[stratum][index];
        count++;
      });
      return total / count;
    });
    return mean(shifts.filter((shift) => !Number.isNaN(shift)));
  }).filter((shift) => !Number.isNaN(shift));
}
