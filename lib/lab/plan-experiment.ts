import { existsSync } from "node:fs";
import { WorkbenchError } from "../core/errors";
import type { EngineChoice, EngineName } from "../engine";
import { isFinished } from "./claims";
import { readExperiment, readProfile, readTask, type Experiment, type Profile, type Task } from "./config";
import { prepareTask, type DataSummary } from "./dataset";
import { modelsPath } from "./job-parts";
import { planJobs, type Job } from "./jobs";
import { resolveEngine } from "./resolve-engine";

export interface PlanOptions {
  readonly profile: string;
  readonly engine?: EngineChoice;
  /** Keeps only the jobs with these properties, and what they need: `{ method: "iop-fl", site: "HK", seed: "0" }`. */
  readonly only?: Readonly<Record<string, string>>;
  readonly log?: (line: string) => void;
}

export interface ExperimentPlan {
  readonly experiment: Experiment;
  readonly profile: Profile;
  readonly task: Task;
  readonly engine: { readonly name: EngineName; readonly why: string };
  readonly data: DataSummary & { readonly folder: string };
  readonly jobs: readonly Job[];
}

/** Reads an experiment's configuration, writes its phantom if that is missing, and lists its jobs. */
export async function planExperiment(id: string, options: PlanOptions): Promise<ExperimentPlan> {
  const experiment = readExperiment(id);
  const profile = readProfile(options.profile);
  const task = readTask(experiment.task);
  const engine = await resolveEngine(options.engine ?? "auto");
  const data = prepareTask(task, profile.data, options.log);
  const jobs = select(planJobs({ experiment, profile, task, engine: engine.name, dataHash: data.dataHash, slices: data.slices }), options.only);
  return { experiment, profile, task, engine, data, jobs };
}

/** @returns the jobs without an up to date record, with the federations whose models they need and that are no longer there */
export function missingJobs(jobs: readonly Job[]): Job[] {
  const missing = jobs.filter((job) => !isFinished(job));
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
