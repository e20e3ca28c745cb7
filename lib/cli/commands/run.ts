import { useOneOf } from "../../core/closest";
import { WorkbenchError } from "../../core/errors";
import type { EngineChoice } from "../../engine";
import { answersOf } from "../../lab/release/answers";
import { adjustmentArguments } from "../../lab/plan/adjust";
import {
  missingJobs,
  outlineExperiment,
  planExperiment,
  type ExperimentPlan,
  type PlanOptions,
} from "../../lab/plan/plan-experiment";
import { runExperiment, runPlan, type ExperimentOutcome } from "../../lab/execute/run-experiment";
import { planFromSnapshots } from "../../lab/jobs/run-snapshots";
import { submit } from "../../lab/cluster/slurm";
import { recordsOf } from "../../records/config";
import type { FoundRecord } from "../../records/found";
import { configIds, configPath } from "../../records/paths";
import { readRecords } from "../../records/read";
import { tablesOf } from "../../report/tables-of";
import { textTable } from "../../report/text-table";
import { interruptible } from "../interrupt";
import { keyValues, parameterValues } from "../key-values";
import { describeSeconds } from "../../core/duration";
import { progressLine } from "../progress-line";
import { printJson } from "../streams";

/** What several commands say of an experiment's jobs. */
export interface PlanChoice {
  readonly profile: string;
  readonly engine: EngineChoice;
  readonly workers?: number;
  readonly only?: readonly string[];
  /** A folder of published snapshots, in place of federations that are trained here. */
  readonly snapshots?: string;
  /** `iop-fl.alpha=0.5` */
  readonly set?: readonly string[];
  readonly seeds?: readonly number[];
  readonly methods?: readonly string[];
}

export interface RunOptions extends PlanChoice {
  /** With the experiment `inside` or `outside`: the task whose sites it runs on. */
  readonly task?: string;
  readonly slurm?: boolean;
  readonly dryRun?: boolean;
  /** Computes here what is released, too. */
  readonly fresh?: boolean;
  readonly quiet?: boolean;
  readonly json?: boolean;
}

/** `iopfl run <experiment>` */
export async function run(named: string | undefined, options: RunOptions): Promise<void> {
  const experiment = named !== undefined && options.task !== undefined ? onTask(named, options.task) : named;
  if (experiment === undefined)
    throw new WorkbenchError("no experiment is named", `${useOneOf("", configIds("experiments"))}, or say --all`);
  if (options.dryRun) return dryRun(experiment, options);
  if (options.slurm) return runOnSlurm(experiment, options);
  const outcome = await runWithProgress(experiment, options);
  const tables = tablesOf(outcome.experiment, outcome.task, foundOf(outcome));
  const { engine, engineWhy, computed, reused, records } = outcome;
  const jobs = records.map(({ id, method, variant, seed, diverged }) => ({ id, method, variant, seed, diverged }));
  if (options.json)
    printJson({
      experiment,
      profile: options.profile,
      engine,
      engineWhy,
      computed,
      reused,
      jobs,
      table: tables[0],
      tables,
    });
  else process.stdout.write(`${tables.map(textTable).join("\n\n")}\n`);
  const lost = jobs.filter(({ diverged }) => diverged !== undefined);
  if (lost.length === 0) return;
  const what = `${lost.length} of ${jobs.length} jobs diverged and have no scores: ${lost.map(({ method, seed }) => `${method}.seed${seed}`).join(", ")}`;
  throw new WorkbenchError(what, "lower the learning rate, or look at the methods' parameters");
}

/** @returns the id of an experiment on a task: `inside-hearts`. @throws WorkbenchError for an unknown task */
function onTask(experiment: string, task: string): string {
  configPath("tasks", task);
  return `${experiment}-${task}`;
}

/** The records of a run, with how each came about as far as that is known. */
function foundOf({ experiment, profile, records }: ExperimentOutcome): FoundRecord[] {
  const known = new Map(readRecords(profile.id, recordsOf(experiment)).records.map((each) => [each.record.id, each]));
  return records.map((record) => known.get(record.id) ?? { name: record.method, record, provenance: undefined });
}

/** Runs an experiment with a progress line and says what was computed and what was reused. */
export async function runWithProgress(experiment: string, options: RunOptions): Promise<ExperimentOutcome> {
  const started = performance.now();
  const line = progressLine(options.quiet);
  try {
    const outcome = await interruptible(async (signal) => {
      const given = { ...planOptions(options), fresh: options.fresh, signal, onProgress: line.update, log: line.log };
      const { snapshots } = options;
      return snapshots === undefined
        ? runExperiment(experiment, given)
        : runPlan(await planFromSnapshots(experiment, snapshots, given), given);
    });
    line.end();
    const seconds = describeSeconds((performance.now() - started) / 1000);
    line.log(
      `${experiment}: ${outcome.computed} jobs computed, ${outcome.reused} reused, ${seconds}; engine ${outcome.engine} (${outcome.engineWhy})`,
    );
    return outcome;
  } finally {
    line.end();
  }
}

/** @returns what planning takes of a command's options */
export function planOptions({ profile, engine, workers, only, set, seeds, methods }: PlanChoice) {
  const params = set && parameterValues(set);
  return { profile, engine, workers, only: keyValues(only), params, seeds, methods };
}

/** Says what a run would do; writes nothing and starts nothing. */
async function dryRun(experiment: string, { json, ...options }: RunOptions): Promise<void> {
  if (options.snapshots !== undefined)
    throw new WorkbenchError("--dry-run cannot look into snapshots", "leave one of the two out");
  const { plan, dataKnown } = await outlineExperiment(experiment, planOptions(options));
  const answers = options.fresh ? undefined : answersOf(plan);
  const answered = ({ id }: { readonly id: string }) => answers?.has(id) === true;
  const missing = dataKnown ? missingJobs(plan.jobs, answered) : plan.jobs.filter((job) => !answered(job));
  const jobs = plan.jobs.map(({ id, name, cost }) => ({
    id,
    name,
    cost,
    computed: missing.some((job) => job.id === id),
  }));
  if (json) return printJson({ experiment, profile: options.profile, engine: plan.engine.name, dataKnown, jobs });
  for (const { name, computed } of jobs) process.stdout.write(`${computed ? "would compute" : "done"}  ${name}\n`);
  const note = dataKnown ? "" : "; the data are not there yet or have changed, so nothing is known to be done";
  process.stdout.write(
    `${experiment}: ${missing.length} of ${jobs.length} jobs would be computed with engine ${plan.engine.name}${note}\n`,
  );
}

/** Plans here, with the data and the models of snapshots written once, and leaves the work to the cluster. */
async function runOnSlurm(experiment: string, options: RunOptions): Promise<void> {
  const { profile, only, snapshots, quiet, json } = options;
  const plan = await planFor(experiment, snapshots, { ...planOptions(options), log: progressLine(quiet).log });
  const more = [
    ...(plan.snapshots === undefined ? [] : ["--snapshots", plan.snapshots]),
    ...(only ? ["--only", ...only] : []),
    ...adjustmentArguments(plan.adjustment),
  ];
  const submission = submit(plan, options.workers, more);
  if (json) printJson({ experiment, profile, submission: submission ?? null });
  else if (submission)
    process.stdout.write(
      `${experiment}: Slurm array ${submission.array} of ${submission.tasks} tasks, then report ${submission.report}; npx iopfl status --profile ${profile} shows them\n`,
    );
  else process.stdout.write(`${experiment}: all ${plan.jobs.length} jobs are done; nothing was submitted\n`);
}

/** Plans an experiment, with models that are trained here or those of snapshots. */
export async function planFor(
  experiment: string,
  snapshots: string | undefined,
  options: PlanOptions,
): Promise<ExperimentPlan> {
  return snapshots === undefined
    ? planExperiment(experiment, options)
    : planFromSnapshots(experiment, snapshots, options);
}
