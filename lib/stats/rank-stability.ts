import { mean } from "../core/mean";
import { percentile } from "../core/percentile";
import type { Random } from "../core/random";
import { meanOverSeeds, type CaseValues } from "./bootstrap";
import { resampledMeans } from "./resample";
import { averageRanks } from "./wilcoxon";

/** How an order by mean would come out, were other cases and seeds drawn. */
export interface RankStability {
  /** Kendall's tau between the order that was seen and those of resamples: 1 where it never changes. */
  readonly tau: number;
  readonly low: number;
  readonly high: number;
  /** Of each thing its place, 1 the best, and where 95 % of the resamples put it. */
  readonly places: readonly { readonly place: number; readonly low: number; readonly high: number }[];
}

const resamples = 500;

/**
 * @param things `[thing][stratum][case][seed]`, of one shape; larger is better
 * @throws RangeError for an empty stratum or case, and for things of different shapes
 */
export function rankStability(things: readonly (readonly (readonly CaseValues[])[])[], random: Random): RankStability {
  const seen = placesOf(things.map(meanOfAll));
  const drawn = resampledMeans(things, { resamples, random }).map(placesOf);
  const taus = drawn.map((places) => kendallTau(seen, places));
  const reach = (values: readonly number[]) => ({ low: percentile(values, 0.025), high: percentile(values, 0.975) });
  return {
    tau: mean(taus),
    ...reach(taus),
    places: seen.map((place, thing) => ({ place, ...reach(drawn.map((places) => places[thing])) })),
  };
}

const placesOf = (means: readonly number[]): number[] => averageRanks(means.map((value) => -value)).ranks;

const meanOfAll = (strata: readonly (readonly CaseValues[])[]): number =>
  mean(strata.map((cases) => mean(cases.map(meanOverSeeds))));

/** Kendall's tau-b of two orders (Biometrika 33:239-251, 1945): pairs that agree minus those that do not, over all that could; 0 where all of one tie. */
export function kendallTau(a: readonly number[], b: readonly number[]): number {
  let [agree, untiedA, untiedB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++)
    for (let j = 0; j < i; j++) {
      const [inA, inB] = [Math.sign(a[i] - a[j]), Math.sign(b[i] - b[j])];
      agree += inA * inB;
      untiedA += inA * inA;
      untiedB += inB * inB;
    }
  return agree === 0 ? 0 : agree / Math.sqrt(untiedA * untiedB);
}
