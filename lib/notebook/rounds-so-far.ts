import { WorkbenchError } from "../core/errors";
import type { RoundRecord } from "../federation/round/federation";
import { checkpointFiles } from "../federation/store/checkpoint";
import { readStateFile } from "../federation/store/state-file";
import { checkpointPath } from "../lab/jobs/job-parts";
import { isFinished, pathOf } from "../lab/locks/claims";
import type { FederationJob } from "../lab/plan/jobs";
import { readRecord } from "../records/read";

/** @returns the rounds that earlier runs have left of a federation: those of its record, or of its last whole checkpoint */
export function roundsSoFar(job: FederationJob): readonly RoundRecord[] {
  const record = isFinished(job) ? readRecord(pathOf(job)) : undefined;
  if (record?.kind === "federation") return record.rounds;
  const histories = checkpointFiles(checkpointPath(job.id)).generations.map(historyIn);
  return histories.reduce((longest, history) => (history.length > longest.length ? history : longest));
}

function historyIn(generation: string): readonly RoundRecord[] {
  try {
    const { note } = readStateFile(generation) ?? {};
    return note === undefined ? [] : (JSON.parse(note) as { history: readonly RoundRecord[] }).history;
  } catch (error) {
    // The job itself says so, and goes on from the other one.
    if (error instanceof WorkbenchError) return [];
    throw error;
  }
}
