import { createRandom } from "../core/random";
import { bootstrapInterval } from "../stats/bootstrap";
import { holm } from "../stats/holm";
import { mean } from "../core/mean";
import { wilcoxon } from "../stats/wilcoxon";
import type { MethodCase } from "./cases";

/** One method against the reference, case by case. */
export interface Comparison {
  readonly method: string;
  readonly reference: string;
  readonly n: number;
  /** Mean Dice of the reference minus that of the method, sites counting the same, with its 95 % interval. */
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  /** Wilcoxon's signed-rank test over cases, two-sided, Holm-corrected for the number of methods. */
  readonly p: number;
}

/** Compares a reference method with every other on the same cases. Seeds are averaged within a case before the test: they are not patients. */
export function compareMethods(cases: readonly MethodCase[], reference: string): Comparison[] {
  const others = [...new Set(cases.map(({ method }) => method))].filter((method) => method !== reference);
  const compared = others.map((method) => {
    const strata = pairedDifferences(cases, reference, method);
    const perCase = strata.flatMap((stratum) => stratum.map(mean));
    const {
      mean: difference,
      low,
      high,
    } = bootstrapInterval(strata, { random: createRandom(`compare/${reference}/${method}`) });
    return {
      method,
      reference,
      n: perCase.length,
      difference,
      low,
      high,
      p: wilcoxon(
        perCase,
        perCase.map(() => 0),
      ).p,
    };
  });
  const corrected = holm(compared.map(({ p }) => p));
  return compared.map((comparison, index) => ({ ...comparison, p: corrected[index] }));
}

/** @returns differences in Dice `[site][case][seed]` of the cases that both methods have */
function pairedDifferences(cases: readonly MethodCase[], reference: string, method: string): number[][][] {
  const sites = [...new Set(cases.map(({ site }) => site))];
  return sites
    .map((site) => {
      const here = cases.filter((each) => each.site === site);
      const ids = [...new Set(here.map(({ id }) => id))];
      return ids
        .map((id) => {
          const of = (name: string) => here.filter((each) => each.id === id && each.method === name);
          return of(reference).flatMap((a) =>
            of(method)
              .filter((b) => b.seed === a.seed)
              .map((b) => a.dice - b.dice),
          );
        })
        .filter((seeds) => seeds.length > 0);
    })
    .filter((stratum) => stratum.length > 0);
}
