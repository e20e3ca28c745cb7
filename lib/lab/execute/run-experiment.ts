import { dirname, relative } from "node:path";
import { Interrupted, WorkbenchError } from "../../core/errors";
import { overruledSettings } from "../../engine";
import { makeWritable } from "../../io/atomic";
import { damagedRecords, openClaims, pathOf, tidy } from "../locks/claims";
import { commandFor } from "../plan/command-for";
import { recordsOf, type Experiment, type Profile, type Task } from "../../records/config";
import { logJobs, logPath } from "./job-log";
import type { Job } from "../plan/jobs";
import { missingJobs, planExperiment, type ExperimentPlan, type PlanOptions } from "../plan/plan-experiment";
import { projectRoot } from "../../records/paths";
import { runPool, type JobEvent } from "./pool";
import type { Failure } from "./queue";
import { defaultWorkers, tooFewAddresses, workerNeed } from "./worker-need";
import { trackProgress, type ExperimentProgress } from "./progress";
import { answersOf, originOf, releasedPlan, type Answers } from "../release/answers";
import { readRecord } from "../../records/read";
import { resultsFolder } from "../../records/paths";
import type { RunRecord } from "../../records/schema";

export interface ExperimentOptions extends PlanOptions {
  /** Worker processes (default: as many as cores and memory allow, at most one for each job). */
  readonly workers?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ExperimentProgress) => void;
  /** Before jobs are computed that have no record; what it throws ends the run. */
  readonly onMissing?: (missing: readonly Job[], jobs: readonly Job[]) => Promise<void>;
  /** Whether what is released is computed here all the same. */
  readonly fresh?: boolean;
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
 * changed: neither configuration, nor data, nor code, nor engine. Other processes may be at work on the same experiment: each job is
 * run by one of them, and this one waits for those of the others.
 * @throws WorkbenchError when jobs failed (naming the first); records of the others are there
 */
export async function runExperiment(id: string, options: ExperimentOptions): Promise<ExperimentOutcome> {
  const released = options.fresh ? undefined : await releasedPlan(id, options);
  return released
    ? outcomeOf(released.plan, released.answers, new Set())
    : runPlan(await planExperiment(id, options), options);
}

/** The same for an experiment that has been planned. */
export async function runPlan(plan: ExperimentPlan, options: ExperimentOptions): Promise<ExperimentOutcome> {
  const { jobs } = plan;
  tidy(jobs);
  const answers: Answers = options.fresh ? new Map() : answersOf(plan);
  const missing = missingJobs(jobs, ({ id }) => answers.has(id));
  damagedRecords(missing).forEach((line) => options.log?.(line));
  if (missing.length > 0) await options.onMissing?.(missing, jobs);
  return outcomeOf(plan, answers, await workOn(plan, missing, options));
}

/** @param computed the ids of the jobs that were computed now */
function outcomeOf(plan: ExperimentPlan, answers: Answers, computed: ReadonlySet<string>): ExperimentOutcome {
  const { experiment, profile, task, engine, jobs } = plan;
  const records = jobs.map((job) => {
    const record = answers.get(job.id)?.record ?? readRecord(pathOf(job));
    if (!record) throw new Error(`${job.name} left no record`);
    return record;
  });
  const engines = [...new Set(records.map(({ numerics }) => numerics.engine))];
  const origin = answers.size > 0 ? originOf(recordsOf(experiment), profile.id, answers) : engine.why;
  return {
    experiment,
    profile,
    task,
    engine: engines.join(" and "),
    engineWhy: engines.length > 1 ? `the table mixes what ${engines.length} engines computed; ${origin}` : origin,
    records,
    reused: jobs.length - jobs.filter(({ id }) => computed.has(id)).length,
    computed: computed.size,
  };
}

/**
 * Works on jobs of a plan until none is left for this process.
 * @param awaited whether to wait for a job that another process holds (default: for every one)
 * @returns the ids of the jobs that were computed here
 * @throws WorkbenchError when jobs failed, Interrupted when the signal was aborted
 */
export async function workOn(
  plan: ExperimentPlan,
  jobs: readonly Job[],
  options: ExperimentOptions,
  awaited?: (job: Job) => boolean,
): Promise<Set<string>> {
  const { experiment, engine, data } = plan;
  const computed = new Set<string>();
  if (jobs.length === 0) return computed;
  const overruled = overruledSettings(process.env);
  if (overruled.length > 0)
    options.log?.(
      `${overruled.join(", ")} counts for nothing: jobs are computed with settings of our own, since these move bits`,
    );
  makeWritable(resultsFolder()); // before hours of work that it could not take
  const claims = openClaims();
  const progress = trackProgress(experiment.id, jobs, options.onProgress, options.log);
  const log = logJobs();
  const onEvent = (job: Job, event: JobEvent) => {
    if (event.type === "done") computed.add(job.id);
    log(job, event);
    progress(job, event);
  };
  try {
    const refusal = tooFewAddresses(engine.name);
    if (refusal) throw refusal;
    const failures = await runPool(jobs, {
      engine: engine.name,
      workers: isAlone(experiment) ? 1 : (options.workers ?? defaultWorkers(engine.name, plan.profile)),
      need: workerNeed(engine.name, plan.profile),
      folder: data.folder,
      claims,
      awaited,
      signal: options.signal,
      onEvent,
    });
    if (options.signal?.aborted) throw new Interrupted(experiment.id);
    if (failures.length > 0) throw failed(plan, jobs, failures, options.log);
    return computed;
  } finally {
    claims.close();
  }
}

/** Times compare where nothing else ran beside. */
const isAlone = (experiment: Experiment): boolean => experiment.kind === "inside" && experiment.alone === true;

/** Tells of each failure how to see it again. @returns the error that ends the run */
function failed(
  plan: ExperimentPlan,
  jobs: readonly Job[],
  failures: readonly Failure[],
  log: PlanOptions["log"],
): WorkbenchError {
  const firstLine = (message: string) => message.split("\n")[0];
  for (const { job, message } of failures)
    log?.(`${job.name} failed: ${firstLine(message)}; again: ${commandFor(plan, job)}`);
  const [{ job, message }] = failures;
  const logs = dirname(logPath(job));
  const what = `${failures.length} of ${jobs.length} jobs failed; ${job.name}: ${firstLine(message)}`;
  return new WorkbenchError(
    what,
    `${commandFor(plan)} tries them again; logs lie in ${logs.startsWith(projectRoot) ? relative(projectRoot, logs) : logs}`,
  );
}
