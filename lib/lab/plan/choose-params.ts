import { mean } from "../../core/mean";
import type { RunRecord } from "../../records/schema";
import type { Tuned } from "../../records/tuned";
import type { GridPoint } from "./plan-tuning";

/** Digits of a score in the file: what lies below them is no reason to prefer anything. */
const digits = 6;

/**
 * @param records by the names of the jobs that tried the points
 * @returns for each method its grid with scores, and the best of it; of equal ones the first
 */
export function chooseParams(points: readonly GridPoint[], records: ReadonlyMap<string, RunRecord>): Tuned["methods"] {
  const methods: Record<string, Tuned["methods"][string]> = {};
  for (const { method, params, job } of points) {
    const point = { params: { ...params }, dice: validationDice(records.get(job)) };
    const grid = [...(Object.hasOwn(methods, method) ? methods[method].grid : []), point];
    const best = grid.reduce((a, b) => ((b.dice ?? -1) > (a.dice ?? -1) ? b : a));
    methods[method] = { chosen: best.params, grid };
  }
  return methods;
}

/** Mean over clients of the mean over their validation cases, of the models that predict for them; null of a run that diverged. */
function validationDice(record: RunRecord | undefined): number | null {
  if (record?.kind !== "federation" || record.diverged) return null;
  const scored = record.scores.filter(({ part, model, of }) => part === "validation" && model === "personal" && !of);
  return Number(mean(scored.map(({ cases }) => mean(cases.map(({ dice }) => dice)))).toFixed(digits));
}
