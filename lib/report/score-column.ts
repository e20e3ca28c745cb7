import { mean } from "../core/mean";
import { bootstrapInterval } from "../stats/bootstrap";
import type { MethodCase } from "./cases";
import { caseKey, groupBy, ofSameCases, strataOf, type CaseValue } from "./strata";
import type { Cell } from "./table";

/** A column of a table: what it averages of the cases of each method. */
export interface ScoreColumn {
  readonly title: string;
  readonly digits: number;
  readonly best: "largest" | "smallest";
  /** The sites whose cases it takes. */
  readonly sites: readonly string[];
  /** Which counts the same in the mean: each site, whatever its number of cases, or each case. */
  readonly unit: "site" | "case";
  /** With a 95 % interval; values then lie between 0 and 1. */
  readonly interval?: boolean;
  /** What is averaged; null of a case that should have such a value and has not, `undefined` of one that has no use for it. */
  pick(scored: MethodCase): number | null | undefined;
}

/** The cases of one method, and its runs that gave none. */
export interface MethodRow {
  readonly label: string;
  readonly cases: readonly MethodCase[];
  /** Which sites each run that diverged would have scored. */
  readonly diverged: readonly (readonly string[])[];
}

/**
 * The cells of a column, one for each method. A mean over fewer cases than there are says so. One over fewer than another's is never
 * the best: the best is that of the methods with the most cases, as printed, over the cases that all of these have.
 */
export function scoreCells(column: ScoreColumn, methods: readonly MethodRow[]): Cell[] {
  const asked = methods.map(({ cases }) => valuesOf(column, cases));
  const values = asked.map((each) => each.filter((of): of is CaseValue => of.value !== null));
  const all = Math.max(0, ...asked.map(({ length }) => length));
  const most = Math.max(0, ...values.map(({ length }) => length));
  const best = bestOf(
    column,
    values.filter(({ length }) => length === most),
  );
  return methods.map(({ diverged }, index): Cell => {
    const [held, { digits }] = [values[index], column];
    const lost = diverged.filter((sites) => sites.some((site) => column.sites.includes(site))).length;
    if (held.length === 0) return { value: undefined, digits, ...(lost > 0 ? { notes: ["diverged"] } : {}) };
    const notes = [
      ...(held.length < all ? [`n ${held.length}`] : []),
      ...(lost > 0 ? [`${lost} ${lost === 1 ? "run" : "runs"} diverged`] : []),
    ];
    return {
      value: average(column, held),
      digits,
      ...intervalOf(column, held),
      best: best.has(held),
      ...(notes.length > 0 ? { notes } : {}),
    };
  });
}

function valuesOf(
  { sites, pick }: ScoreColumn,
  cases: readonly MethodCase[],
): (Omit<CaseValue, "value"> & { readonly value: number | null })[] {
  return cases.flatMap((scored) => {
    const value = sites.includes(scored.site) ? pick(scored) : undefined;
    return value === undefined ? [] : [{ site: scored.site, id: scored.id, seed: scored.seed, value }];
  });
}

function average({ unit }: ScoreColumn, values: readonly CaseValue[]): number {
  const groups = unit === "case" ? [values] : groupBy(values, ({ site }) => site);
  return mean(groups.map((group) => mean(group.map(({ value }) => value))));
}

/** The means that are best as printed among those of equally many values; ties all are, one by itself is not. */
function bestOf(column: ScoreColumn, rivals: readonly (readonly CaseValue[])[]): Set<readonly CaseValue[]> {
  const common = inCommon(rivals);
  if (rivals.length < 2 || common[0].length === 0) return new Set();
  const printed = common.map((values) => Number(average(column, values).toFixed(column.digits)));
  const best = column.best === "largest" ? Math.max(...printed) : Math.min(...printed);
  return new Set(rivals.filter((_, index) => printed[index] === best));
}

/** Of each rival the values of the cases and seeds that all have. */
function inCommon(rivals: readonly (readonly CaseValue[])[]): readonly (readonly CaseValue[])[] {
  if (rivals.every((values) => ofSameCases(values, rivals[0]))) return rivals;
  const held = new Map<string, number>();
  const keys = rivals.map((values) => values.map(caseKey));
  for (const key of keys.flatMap((each) => [...new Set(each)])) held.set(key, (held.get(key) ?? 0) + 1);
  return rivals.map((values, rival) => values.filter((_, index) => held.get(keys[rival][index]) === rivals.length));
}

function intervalOf({ interval }: ScoreColumn, values: readonly CaseValue[]): Pick<Cell, "interval"> {
  if (!interval) return {};
  const { low, high } = bootstrapInterval(strataOf(values), { range: [0, 1] });
  return Number.isNaN(low) ? {} : { interval: [low, high] };
}
