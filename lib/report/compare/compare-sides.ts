import { WorkbenchError } from "../../core/errors";
import type { ResultTable } from "../table";
import { distinct, groupBy } from "../strata";
import { changesOf, type Change } from "./changes";
import { differencesOf, type Difference } from "./differences";
import { pairSides } from "./pairs";
import type { Side } from "./sides";

/** Two sides, side by side. */
export interface SidesCompared {
  readonly a: string;
  readonly b: string;
  readonly differences: readonly Difference[];
  readonly changes: readonly Change[];
  /** Runs that only one side has. */
  readonly onlyA: readonly string[];
  readonly onlyB: readonly string[];
  /** Commits that made the records of each side, where that is known. */
  readonly commits: { readonly a: readonly string[]; readonly b: readonly string[] };
}

/**
 * Sets the results of two sides beside each other. @param experiments these alone, or all
 * @throws WorkbenchError when they have no run in common
 */
export function compareSides(a: Side, b: Side, experiments: readonly string[] = []): SidesCompared {
  const of = (side: Side): Side => ({
    ...side,
    records: side.records.filter(({ record }) => experiments.length === 0 || experiments.includes(record.experiment)),
  });
  const [left, right] = [of(a), of(b)];
  const { pairs, onlyA, onlyB } = pairSides(left, right);
  if (pairs.length === 0)
    throw new WorkbenchError(
      `${a.name} (${left.records.length} runs) and ${b.name} (${right.records.length} runs) have no run in common`,
      "compare sides that hold the same experiment, method and seed",
    );
  const commits = ({ records }: Side) => distinct(records.flatMap(({ provenance }) => provenance?.commit ?? []));
  return {
    a: a.name,
    b: b.name,
    differences: differencesOf(pairs),
    changes: changesOf(pairs),
    onlyA,
    onlyB,
    commits: { a: commits(left), b: commits(right) },
  };
}

/** @returns a table for each experiment that was compared */
export function comparedTables({ a, b, differences }: SidesCompared): ResultTable[] {
  return groupBy(differences, ({ experiment }) => experiment).map((of) => ({
    title: `${of[0].experiment}: ${a} beside ${b}`,
    note: `mean test Dice, sites counting the same; difference: ${b} minus ${a}, 95 % interval ${of.every(({ paired }) => paired) ? "by bootstrap over the same cases; p: signed-rank over cases, Holm over the methods" : "of two independent means, since the images are not the same; no paired test"}; equal: runs of which every number is the same`,
    columns: ["cases", a, b, "difference [95 %]", "p", "equal"],
    rows: of.map(({ method, cases, a: one, b: two, difference, low, high, p, equal, runs }) => ({
      label: method,
      cells: [
        { value: cases, digits: 0 },
        { value: one, digits: 3 },
        { value: two, digits: 3 },
        { value: difference, digits: 4, ...(low === null || high === null ? {} : { interval: [low, high] as const }) },
        { value: p ?? undefined, digits: 4 },
        { value: undefined, digits: 0, notes: [`${equal} of ${runs}`] },
      ],
    })),
  }));
}
