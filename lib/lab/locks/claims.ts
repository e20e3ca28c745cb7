import { join } from "node:path";
import { WorkbenchError } from "../../core/errors";
import { checkpointFiles, removeCheckpoint } from "../../federation/store/checkpoint";
import { checkpointPath, modelsPath } from "../jobs/job-parts";
import { dropDamagedModels, hasWholeModels } from "../jobs/kept-models";
import type { Job } from "../plan/jobs";
import { openLeases, readLease, readLeases, type Lease } from "./leases";
import { removePartsOf } from "../../io/atomic";
import { workFolder } from "../../records/paths";
import { predictionPath } from "../jobs/predictions";
import { provenancePath, recordPath } from "../../records/paths";
import { readRecord } from "../../records/read";

/** Decides which of the processes that share a work folder runs a job. */
export interface Claims {
  claim(job: Job): "taken" | "finished" | "held";
  release(job: Job, finished: boolean): void;
  /** @returns in words who holds a job that is held elsewhere */
  holder(job: Job): string;
  /** Gives back what is still held. */
  close(): void;
}

/** Where leases lie. */
export const leaseFolder = (): string => join(workFolder, "leases");

export function openClaims(): Claims {
  const leases = openLeases(leaseFolder());
  const held = new Map<string, Lease>();
  return {
    claim(job) {
      const lease = leases.take(job.id);
      if (!lease) return "held";
      if (lease.takenOver) removeLeftovers(job);
      if (isComplete(job)) {
        if (job.kind === "federation") removeCheckpoint(checkpointPath(job.id));
        lease.release(true);
        return "finished";
      }
      if (job.kind === "federation") dropDamagedModels(job);
      held.set(job.id, lease);
      return "taken";
    },
    release(job, finished) {
      held.get(job.id)?.release(finished);
      held.delete(job.id);
    },
    holder: ({ id }) => readLease(leaseFolder(), id).holder,
    close: () => leases.close(),
  };
}

/** Clears up after processes that were killed when a job's record was there already, but its checkpoint and lease not yet gone. */
export function tidy(jobs: readonly Job[]): void {
  const leases = readLeases(leaseFolder());
  const left = jobs.filter(({ id }) => leases.get(id)?.held === false).filter(isComplete);
  if (left.length === 0) return;
  const claims = openClaims();
  try {
    left.forEach(claims.claim);
  } finally {
    claims.close();
  }
}

export const pathOf = (job: Job): string => recordPath(job.profile.id, job.experiment, job.name);

/** @returns whether a job's record is there and up to date */
export function isFinished(job: Job): boolean {
  try {
    return readRecord(pathOf(job))?.id === job.id;
  } catch {
    return false; // A record that cannot be read is computed again.
  }
}

/** @returns the records of jobs that are there and cannot be used, a line each */
export function damagedRecords(jobs: readonly Job[]): string[] {
  return jobs.flatMap((job) => {
    try {
      readRecord(pathOf(job));
      return [];
    } catch (error) {
      if (error instanceof WorkbenchError) return [`${job.experiment}: ${error.problem}; it is computed again`];
      throw error;
    }
  });
}

/** @returns whether nothing of a job is left to do: others may need the models of a federation */
const isComplete = (job: Job): boolean => isFinished(job) && (job.kind === "adaptation" || hasWholeModels(job.id));

/** Removes the temporary files of a process that was killed while it wrote. */
function removeLeftovers(job: Job): void {
  const { profile, experiment, name } = job;
  const kept = job.kind === "adaptation" ? predictionPath(job.id, job.heldOut) : modelsPath(job.id);
  for (const path of [
    pathOf(job),
    provenancePath(profile.id, experiment, name),
    kept,
    ...checkpointFiles(checkpointPath(job.id)).generations,
  ])
    removePartsOf(path);
}
