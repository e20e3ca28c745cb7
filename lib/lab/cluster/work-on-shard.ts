import { isFinished, tidy } from "../locks/claims";
import type { Job } from "../plan/jobs";
import { missingJobs, type ExperimentPlan } from "../plan/plan-experiment";
import { workOn, type ExperimentOptions } from "../execute/run-experiment";
import type { Shard } from "../plan/shard";

/**
 * One of several workers, on one machine or many that share the work folder and the results: first the jobs of its own shard and what
 * they need, then whatever nobody else is at work on, so that a worker that is lost or never starts holds nobody up.
 * @param plan of an experiment, the same for each worker
 * @returns how many jobs were computed here, and how many of the experiment are done now
 */
export async function workOnShard(
  plan: ExperimentPlan,
  { index, count }: Shard,
  options: ExperimentOptions,
): Promise<{ computed: number; done: number; jobs: number }> {
  tidy(plan.jobs);
  const own = plan.jobs.filter((_, place) => place % count === index);
  const needed = new Set(own.flatMap((job) => (job.kind === "adaptation" ? [job.federation.id] : [])));
  // Someone else may already be at a job of this shard: then it is theirs. What its own jobs need is waited for.
  const first = await workOn(plan, withFederations(missingJobs(own), plan.jobs), options, (job) => needed.has(job.id));
  const rest = await workOn(plan, missingJobs(plan.jobs), options, () => false);
  return { computed: first.size + rest.size, done: plan.jobs.filter(isFinished).length, jobs: plan.jobs.length };
}

/** Adds the federations of the jobs that are themselves still to be run: `missingJobs` only knows those of the list that it is given. */
function withFederations(missing: readonly Job[], all: readonly Job[]): Job[] {
  const needed = new Set(missing.flatMap((job) => (job.kind === "adaptation" ? [job.federation.id] : [])));
  const known = new Set(missing.map(({ id }) => id));
  return [...missing, ...missingJobs(all.filter(({ id }) => needed.has(id) && !known.has(id)))];
}
