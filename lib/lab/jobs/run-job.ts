import type { SiteData } from "../../data/set/types";
import { removeCheckpoint } from "../../federation/store/checkpoint";
import { checkpointPath, type JobHooks } from "./job-parts";
import type { Job } from "../plan/jobs";
import { writeRecord } from "../../records/write";
import type { Provenance, RunRecord } from "../../records/schema";
import { runAdaptationJob } from "./run-adaptation";
import { runFederationJob } from "./run-federation";

/** Runs one job on the engine that has been started. @param sites the prepared data of every site that the job names */
export async function runJob(job: Job, sites: ReadonlyMap<string, SiteData>, hooks: JobHooks = {}): Promise<RunRecord> {
  return job.kind === "federation" ? runFederationJob(job, sites, hooks) : runAdaptationJob(job, sites, hooks);
}

/** Writes a job's record, and only then forgets its checkpoint: a kill at any moment loses at most a round. */
export function finishJob(job: Job, record: RunRecord, provenance: Provenance): void {
  writeRecord(job.name, record, provenance);
  if (job.kind === "federation") removeCheckpoint(checkpointPath(job.id));
}
