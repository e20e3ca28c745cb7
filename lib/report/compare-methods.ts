import { bootstrapInterval, meanOverSeeds, type Interval } from "../stats/bootstrap";
import { improvement, pairedEffect } from "../stats/effect";
import { holm } from "../stats/holm";
import { pairedT } from "../stats/paired-t";
import { meanInterval } from "../stats/summary";
import { wilcoxon } from "../stats/wilcoxon";
import type { MethodCase } from "./cases";
import { caseKey, groupBy, ofSameCases, strataOf, type CaseValue } from "./strata";

/** One method against the reference, case by case. */
export interface Comparison {
  readonly method: string;
  readonly reference: string;
  /** Cases (patients) that both have. */
  readonly n: number;
  readonly sites: number;
  /** Mean Dice of the reference minus that of the method, sites counting the same, with its 95 % interval. */
  readonly difference: number;
  /** NaN where a site has a single case. */
  readonly low: number;
  readonly high: number;
  /** Wilcoxon's signed-rank test over cases, two-sided, Holm-corrected for the number of methods. */
  readonly p: number;
  /** The same before the correction, and for how many comparisons was corrected. */
  readonly uncorrected: number;
  readonly comparisons: number;
  /** How probably the reference is better on a case, ties counting half; sites count the same. No interval where it always or never is. */
  readonly improves: Interval;
  /** The mean difference over cases by its standard deviation; NaN where they do not differ. */
  readonly effect: number;
  /** The mean difference over cases, each counting the same, with Student's interval and the p of his paired test, Holm-corrected. */
  readonly student: Student;
  /** Cases in which the reference is better, and in which it is worse. */
  readonly better: number;
  readonly worse: number;
}

interface Student {
  readonly mean: number;
  /** NaN for a single case. */
  readonly low: number;
  readonly high: number;
  /** NaN where all differences are equal. */
  readonly p: number;
}

/**
 * Compares a reference method with every other that has cases in common with it. Pairs are formed by case and seed; seeds are averaged
 * within a case before the test: they are not patients.
 * @param reference as tables name it: `iop-fl`, or `iop-fl (published)`
 */
export function compareMethods(cases: readonly MethodCase[], reference: string): Comparison[] {
  const compared = pairsWith(cases, reference).map(({ method, pairs }) => ({ method, reference, ...compare(pairs) }));
  const corrected = holm(compared.map(({ uncorrected }) => uncorrected));
  // Where all differences are equal there is no t: it says nothing against the hypothesis, and counts among those asked.
  const students = holm(compared.map(({ student: { p } }) => (Number.isNaN(p) ? 1 : p)));
  return compared.map((each, index) => ({
    ...each,
    p: corrected[index],
    student: { ...each.student, p: Number.isNaN(each.student.p) ? NaN : students[index] },
    comparisons: compared.length,
  }));
}

/** @returns by method the p of the same test, corrected alike, where no interval is asked for */
export function testMethods(cases: readonly MethodCase[], reference: string): Map<string, number> {
  const tested = pairsWith(cases, reference).map(({ method, pairs }) => ({
    method,
    p: test(perCaseOf(strataOf(pairs))),
  }));
  const corrected = holm(tested.map(({ p }) => p));
  return new Map(tested.map(({ method }, index) => [method, corrected[index]]));
}

/** Whether any other method has a case in common with the reference. */
export function isComparable(cases: readonly MethodCase[], reference: string): boolean {
  const own = new Set(cases.filter(({ method }) => method === reference).map(caseKey));
  return cases.some((each) => each.method !== reference && own.has(caseKey(each)));
}

/** Of each case the mean over its seeds. */
const perCaseOf = (strata: ReturnType<typeof strataOf>): number[] => strata.flat().map(meanOverSeeds);

const zeros = (perCase: readonly number[]) => perCase.map(() => 0);

const test = (perCase: readonly number[]): number => wilcoxon(perCase, zeros(perCase)).p;

function compare(pairs: readonly CaseValue[]) {
  const strata = strataOf(pairs);
  const perCase = perCaseOf(strata);
  const { mean: difference, low, high } = bootstrapInterval(strata, { range: [-1, 1] });
  return {
    n: perCase.length,
    sites: strata.length,
    difference,
    low,
    high,
    uncorrected: test(perCase),
    improves: bootstrapInterval(
      strata.map((ofSite) =>
        ofSite.map((seeds) => seeds.map((value) => (value === undefined ? value : improvement(value)))),
      ),
      { range: [0, 1] },
    ),
    effect: pairedEffect(perCase),
    student: { ...meanInterval(perCase), p: pairedT(perCase, zeros(perCase)).p },
    better: perCase.filter((value) => value > 0).length,
    worse: perCase.filter((value) => value < 0).length,
  };
}

/** @returns of every other method that has any, the differences in Dice of the cases and seeds that both have */
function pairsWith(cases: readonly MethodCase[], reference: string) {
  const byMethod = groupBy(cases, ({ method }) => method);
  const own = byMethod.find(([{ method }]) => method === reference) ?? [];
  const ours = new Map(own.map((each) => [caseKey(each), each]));
  return byMethod.flatMap((of) => {
    const [{ method }] = of;
    if (method === reference) return [];
    const pairs =
      ours.size === own.length && ofSameCases(own, of)
        ? own.map((each, index) => minus(each, of[index].dice))
        : pairsOf(ours, of);
    return pairs.length === 0 ? [] : [{ method, pairs }];
  });
}

function pairsOf(ours: ReadonlyMap<string, MethodCase>, of: readonly MethodCase[]): CaseValue[] {
  const theirs = new Map(of.map((each) => [caseKey(each), each.dice]));
  return [...ours].flatMap(([key, each]) => {
    const other = theirs.get(key);
    return other === undefined ? [] : [minus(each, other)];
  });
}

const minus = ({ site, id, seed, dice }: MethodCase, other: number): CaseValue => ({
  site,
  id,
  seed,
  value: dice - other,
});
