import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { Interrupted, WorkbenchError } from "../core/errors";
import type { EngineChoice } from "../engine";
import { readExperiment, readProfile, readTask, type Experiment, type Profile, type Task } from "./config";
import { prepareTask } from "./dataset";
import { modelsPath } from "./job-parts";
import { planJobs, type Job } from "./jobs";
import { runPool } from "./pool";
import { trackProgress, type ExperimentProgress } from "./progress";
import { readRecord, recordPath, type RunRecord } from "./records";
import { resolveEngine } from "./resolve-engine";


export interface ExperimentOptions {
  readonly profile: string;
  readonly engine?: EngineChoice;
  /** Worker processes (default: one for each core, at most one for each job). */
  readonly workers?: number;
  /** Keeps only the jobs with these properties, and what they need: `{ method: "iop-fl", site: "HK", seed: "0" }`. */
  readonly only?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ExperimentProgress) => void;
  readonly log?: (line: string) => void;
}

export interface ExperimentOutcome {
  readonly experiment: Experiment;
  readonly profile: Profile;
  readonly task: Task;
  readonly engine: string;
  readonly engineWhy: string;
  readonly records: readonly RunRecord[];
  /** How many records were there already, and how many were computed now. */
  readonly reused: number;
  readonly computed: number;
}

/**
 * Runs what is missing of an experiment and returns all its records. Finished records are reused when nothing they depend on has
 * changed: neither configuration, nor data, nor code, nor engine.
 * @throws WorkbenchError when jobs failed (naming the first); records of the others are there
 */
export async function runExperiment(id: string, options: ExperimentOptions): Promise<ExperimentOutcome> {
  const { experiment, profile, task, engine, data, jobs } = await planExperiment(id, options);
  const missing = withTheirFederations(jobs.filter((job) => !isFinished(job)));

  if (missing.length > 0) {
    const failures = await runPool(missing, {
      engine: engine.name,
      workers: options.workers ?? availableParallelism(),
      folder: data.folder,
      signal: options.signal,
      onMessage: trackProgress(experiment.id, missing, options.onProgress, options.log),
    });
    if (options.signal?.aborted) throw new Interrupted(experiment.id);
    if (failures.length > 0) {
      const [{ job, message }] = failures;
      throw new WorkbenchError(`${failures.length} of ${missing.length} jobs failed; ${job.name}: ${message}`, `npx iopfl run ${experiment.id} --profile ${profile.id} tries them again`);
    }
  }
  const records = jobs.map((job) => {
    const record = readRecord(pathOf(job));
    if (!record) throw new Error(`${job.name} left no record`);
    return record;
  });
  return { experiment, profile, task, engine: engine.name, engineWhy: engine.why, records, reused: jobs.filter((job) => !missing.includes(job)).length, computed: missing.length };
}

/** @returns how many jobs of an experiment there are, and how many are done and up to date */
export async function experimentStatus(id: string, options: ExperimentOptions): Promise<{ done: number; jobs: number; engine: string }> {
  const { jobs, engine } = await planExperiment(id, options);
  return { done: jobs.filter(isFinished).length, jobs: jobs.length, engine: engine.name };
}

async function planExperiment(id: string, options: ExperimentOptions) {
  const experiment = readExperiment(id);
  const profile = readProfile(options.profile);
  const task = readTask(experiment.task);
  const engine = await resolveEngine(options.engine ?? "auto");
  const data = prepareTask(task, profile.data, options.log);
  const jobs = select(planJobs({ experiment, profile, task, engine: engine.name, dataHash: data.dataHash, slices: data.slices }), options.only);
  return { experiment, profile, task, engine, data, jobs };
}

const pathOf = (job: Job) => recordPath(job.profile.id, job.experiment, job.name);

function isFinished(job: Job): boolean {
  try {
    return readRecord(pathOf(job))?.id === job.id;
  } catch {
    return false; // A record that cannot be read is computed again.
  }
}

/** Adds the federations whose models are needed and no longer there. */
function withTheirFederations(missing: readonly Job[]): Job[] {
  const all = new Map(missing.map((job) => [job.id, job]));
  for (const job of missing) {
    if (job.kind === "adaptation" && !existsSync(modelsPath(job.federation.id))) all.set(job.federation.id, job.federation);
  }
  return [...all.values()];
}

function select(jobs: readonly Job[], only: Readonly<Record<string, string>> = {}): Job[] {
  const properties = (job: Job): Record<string, string> => ({ method: job.method.id, seed: String(job.seed), site: job.kind === "adaptation" ? job.heldOut : job.sites.join() });
  for (const key of Object.keys(only)) {
    if (!["method", "seed", "site"].includes(key)) throw new WorkbenchError(`unknown property "${key}" in --only`, "use method=, site= or seed=");
  }
  const chosen = jobs.filter((job) => Object.entries(only).every(([key, value]) => properties(job)[key] === value));
  if (chosen.length === 0) throw new WorkbenchError(`no job with ${Object.entries(only).map((pair) => pair.join("=")).join(" and ")}`, "look at the experiment's YAML for methods, sites and seeds");
  return chosen;
}
