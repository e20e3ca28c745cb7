import { mean } from "../../core/mean";
import { bootstrapInterval } from "../../stats/bootstrap";
import { holm } from "../../stats/holm";
import { differenceOfMeans } from "../../stats/unpaired";
import { countedCases, isFederation, type MethodCase } from "../cases";
import { compareMethods } from "../compare-methods";
import { distinct, groupBy, strataOf } from "../strata";
import type { Pair } from "./pairs";
import { sameNumbers } from "./same-numbers";

/** One method of one experiment on both sides; numbers are Dice, sites counting the same. */
export interface Difference {
  readonly experiment: string;
  readonly method: string;
  /** Runs that were paired, and how many of them are equal in every number. */
  readonly runs: number;
  readonly equal: number;
  /** Cases (patients) of both. */
  readonly cases: number;
  readonly a: number;
  readonly b: number;
  /** Of b minus a, with its 95 % interval; null where there is none. */
  readonly difference: number;
  readonly low: number | null;
  readonly high: number | null;
  /** Signed-rank over the same cases, Holm over the methods of the experiment; null where the images are others. */
  readonly p: number | null;
  /** Whether both scored the same images. */
  readonly paired: boolean;
}

/** @returns a difference for each method of each experiment of which both sides have cases */
export function differencesOf(pairs: readonly Pair[]): Difference[] {
  return groupBy(pairs, ({ a }) => a.record.experiment).flatMap((of) => {
    const outside = of.some(({ a }) => !isFederation(a.record));
    const rows = groupBy(
      of.filter(({ a }) => isFederation(a.record) !== outside),
      ({ a }) => JSON.stringify([a.record.method, a.record.variant]),
    ).flatMap((runs) => differenceOf(runs, outside ? "outside" : "inside") ?? []);
    const tested = rows.filter(({ p }) => p !== null);
    const corrected = holm(tested.map(({ p }) => p ?? 1));
    return rows.map((row) => ({ ...row, p: row.p === null ? null : corrected[tested.indexOf(row)] }));
  });
}

function differenceOf(runs: readonly Pair[], kind: "inside" | "outside"): Difference | undefined {
  const a = countedCases(
    kind,
    runs.map((run) => run.a.record),
  );
  // The same run of another seed pairs with it case by case.
  const b = runs.flatMap((run) =>
    countedCases(kind, [run.b.record]).map((scored) => ({ ...scored, seed: run.a.record.seed })),
  );
  if (a.length === 0 || b.length === 0) return undefined;
  const paired = runs.every((run) => run.a.record.numerics.data === run.b.record.numerics.data);
  const found = paired ? pairedDifference(a, b) : unpairedDifference(a, b);
  if (found === undefined) return undefined;
  return {
    experiment: runs[0].a.record.experiment,
    method: a[0].method,
    runs: runs.length,
    equal: runs.filter((run) => sameNumbers(run.a.record, run.b.record)).length,
    a: meanDice(a),
    b: meanDice(b),
    paired,
    ...found,
  };
}

type Found = Pick<Difference, "cases" | "difference" | "low" | "high" | "p">;
const bound = (value: number) => (Number.isNaN(value) ? null : value);

function pairedDifference(a: readonly MethodCase[], b: readonly MethodCase[]): Found | undefined {
  const named = (cases: readonly MethodCase[], method: string) => cases.map((scored) => ({ ...scored, method }));
  const [found] = compareMethods([...named(a, "a"), ...named(b, "b")], "b");
  if (!found) return undefined;
  return {
    cases: found.n,
    difference: found.difference,
    low: bound(found.low),
    high: bound(found.high),
    p: found.uncorrected,
  };
}

/** Of other images nothing can be paired: the two means stand by themselves. */
function unpairedDifference(a: readonly MethodCase[], b: readonly MethodCase[]): Found {
  const interval = (cases: readonly MethodCase[]) => {
    const values = cases.map(({ site, id, seed, dice }) => ({ site, id, seed, value: dice }));
    return bootstrapInterval(strataOf(values), { range: [0, 1] });
  };
  const { mean: difference, low, high } = differenceOfMeans(interval(b), interval(a));
  const cases = distinct([...a, ...b].map(({ site, id }) => JSON.stringify([site, id]))).length;
  return { cases, difference, low: bound(low), high: bound(high), p: null };
}

/** Sites count the same. */
export const meanDice = (cases: readonly MethodCase[]): number =>
  mean(groupBy(cases, ({ site }) => site).map((of) => mean(of.map(({ dice }) => dice))));
