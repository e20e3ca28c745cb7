import type { FederationRecord, RunRecord } from "./schema";

type CaseScores = FederationRecord["scores"][number]["cases"];

/** The scores of a record that count, of one site. */
export interface SiteScores {
  readonly site: string;
  readonly cases: CaseScores;
}

/**
 * @returns of a federation each client's own model on its test cases (not what it scores elsewhere), of an adaptation the last epoch on the held-out site; nothing of a run
 * that diverged
 */
export function scoredCases(record: RunRecord): readonly SiteScores[] {
  if (record.diverged) return [];
  if (record.kind === "federation")
    return record.scores.filter(({ part, model, of }) => part === "test" && model === "personal" && of === undefined);
  return [{ site: record.heldOut, cases: record.epochs.at(-1)?.cases ?? [] }];
}
