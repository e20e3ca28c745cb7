import type { RunRecord } from "../../records/schema";
import { scoredCases } from "../../records/scored-cases";
import { bootstrapInterval, type Interval } from "../../stats/bootstrap";
import { isAdaptation, isFederation, labelOf } from "../cases";
import { strataOf, type CaseValue } from "../strata";
import type { PaperMetric } from "./schema";

export interface Asked {
  readonly kind: "inside" | "outside";
  /** A row as our tables name it. */
  readonly label: string;
  readonly metric: PaperMetric;
  readonly sites: readonly string[];
}

/**
 * Our number for a cell of the paper's table, in the table's unit: the mean over its sites of the mean over their cases and seeds, with the
 * 95 % interval. `undefined` unless every site has a score.
 */
export function oursOf(records: readonly RunRecord[], { kind, label, metric, sites }: Asked): Interval | undefined {
  const runs = records.filter(kind === "inside" ? isFederation : isAdaptation).filter((run) => labelOf(run) === label);
  const values = runs.flatMap((run) => valuesOf(run, metric)).filter(({ site }) => sites.includes(site));
  if (new Set(values.map(({ site }) => site)).size < sites.length) return undefined;
  return bootstrapInterval(strataOf(values));
}

function valuesOf(record: RunRecord, { ours, structure, unit }: PaperMetric): CaseValue[] {
  if (ours === "none") return [];
  const scale = unit === "percent" ? 100 : 1;
  return scoredCases(record).flatMap(({ site, cases }) =>
    cases.flatMap((scored) => {
      const value = (structure === undefined ? scored : scored.structures?.[structure])?.[ours];
      return typeof value === "number" ? [{ site, id: scored.id, seed: record.seed, value: value * scale }] : [];
    }),
  );
}
