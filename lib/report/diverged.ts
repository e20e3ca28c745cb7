import type { RunRecord } from "../records/schema";
import { isFederation, labelOf } from "./cases";

/** @returns the sites that a run scores: those that train, or the one that was held out */
export const sitesOf = (record: RunRecord): readonly string[] =>
  isFederation(record) ? record.sites : [record.heldOut];

/** @returns a line about a run that diverged or that scored nothing, and none about any other */
export function describeDiverged(record: RunRecord): string[] {
  const run = `${labelOf(record)}, seed ${record.seed}${isFederation(record) ? "" : `, ${record.heldOut} held out`}`;
  if (record.diverged) {
    const { client, round, problem } = record.diverged;
    const unit = isFederation(record) ? "round" : "epoch";
    const where = [
      ...(client === undefined ? [] : [` at ${client}`]),
      ...(round === undefined ? [] : [` in ${unit} ${round}`]),
    ];
    return [`${run}: diverged${where.join("")}: ${problem}`];
  }
  if (!isFederation(record) && record.epochs.length === 0) return [`${run}: its record has no epoch, hence no score`];
  return [];
}
