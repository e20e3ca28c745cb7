import type { AdaptationRecord, FederationRecord, RunRecord } from "../records/schema";
import { scoredCases, type SiteScores } from "../records/scored-cases";

/** One scored case of one method: the rows that tables, tests and figures are made of. */
export interface MethodCase {
  readonly method: string;
  readonly site: string;
  readonly seed: number;
  readonly id: string;
  /** Where a task has several structures, here and below the mean over them. */
  readonly dice: number;
  /** Millimetres (fundus: pixels of 384 x 384); null where a mask is empty. */
  readonly hd95: number | null;
  readonly assd: number | null;
  /** Why there is no distance: `empty prediction`, `empty reference`, `both empty` or `not asked for`; null where there is one. */
  readonly undefinedBecause?: string | null;
  /** The Dice of each structure, where there are several. */
  readonly structures?: Readonly<Record<string, number>>;
}

/**
 * The scores that count: of a federation, each client's own model on its test cases; of an adaptation, the last epoch on the held-out
 * site. Federations that only served adaptations are left out, and so are runs that diverged: they have no score.
 */
export function countedCases(kind: "inside" | "outside", records: readonly RunRecord[]): MethodCase[] {
  return records.filter(kind === "inside" ? isFederation : isAdaptation).flatMap(scoredOf);
}

/** A page asks for the cases of the same record a dozen times, and there are more than a hundred thousand. */
const known = new WeakMap<RunRecord, readonly MethodCase[]>();

function scoredOf(record: RunRecord): readonly MethodCase[] {
  const before = known.get(record);
  if (before) return before;
  const scored = scoredCases(record).flatMap(({ site, cases }) => casesOf(record, site, cases));
  known.set(record, scored);
  return scored;
}

export function casesOf(record: RunRecord, site: string, cases: SiteScores["cases"]): MethodCase[] {
  return cases.map(({ id, dice, hd95, assd, undefinedBecause, structures }) => {
    const each =
      structures && Object.fromEntries(Object.entries(structures).map(([name, score]) => [name, score.dice]));
    return {
      method: labelOf(record),
      site,
      seed: record.seed,
      id,
      dice,
      hd95,
      assd,
      undefinedBecause: undefinedBecause ?? null,
      ...(each ? { structures: each } : {}),
    };
  });
}

export const isFederation = (record: RunRecord): record is FederationRecord => record.kind === "federation";
export const isAdaptation = (record: RunRecord): record is AdaptationRecord => record.kind === "adaptation";

/** What a method's row is called: an experiment may have it several times, with other parameters. */
export const labelOf = ({ method, variant }: { readonly method: string; readonly variant?: string }): string =>
  variant === undefined ? method : `${method} (${variant})`;
