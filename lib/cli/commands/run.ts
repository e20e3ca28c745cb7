import type { EngineChoice } from "../../engine";
import { planExperiment, type ExperimentPlan, type PlanOptions } from "../../lab/plan/plan-experiment";
import { runPlan, type ExperimentOutcome } from "../../lab/execute/run-experiment";
import { planFromSnapshots } from "../../lab/jobs/run-snapshots";
import { submit } from "../../lab/cluster/slurm";
import { experimentTable } from "../../report/experiment-table";
import { textTable } from "../../report/text-table";
import { interruptible } from "../interrupt";
import { keyValues } from "../key-values";
import { describeSeconds } from "../../core/duration";
import { progressLine } from "../progress-line";

export interface RunOptions {
  readonly profile: string;
  readonly engine: EngineChoice;
  readonly workers?: number;
  readonly only?: readonly string[];
  /** A folder of published snapshots, in place of federations that are trained here. */
  readonly snapshots?: string;
  readonly slurm?: boolean;
}

/** `iopfl run <experiment>` */
export async function run(experiment: string, options: RunOptions): Promise<void> {
  if (options.slurm) return runOnSlurm(experiment, options);
  const outcome = await runWithProgress(experiment, options);
  process.stdout.write(`${textTable(experimentTable(outcome.experiment.kind, outcome.task.sites, outcome.records))}\n`);
}

/** Runs an experiment with a progress line and says what was computed and what was reused. */
export async function runWithProgress(
  experiment: string,
  { profile, engine, workers, only, snapshots }: RunOptions,
): Promise<ExperimentOutcome> {
  const started = performance.now();
  const line = progressLine();
  try {
    const outcome = await interruptible(async (signal) => {
      const given = { profile, engine, workers, only: keyValues(only), signal, onProgress: line.update, log: line.log };
      return runPlan(await planFor(experiment, snapshots, given), given);
    });
    line.end();
    const seconds = describeSeconds((performance.now() - started) / 1000);
    process.stderr.write(
      `${experiment}: ${outcome.computed} jobs computed, ${outcome.reused} reused, ${seconds}; engine ${outcome.engine} (${outcome.engineWhy})\n`,
    );
    return outcome;
  } finally {
    line.end();
  }
}

/** Plans here, with the data and the models of snapshots written once, and leaves the work to the cluster. */
async function runOnSlurm(
  experiment: string,
  { profile, engine, workers, only, snapshots }: RunOptions,
): Promise<void> {
  const plan = await planFor(experiment, snapshots, {
    profile,
    engine,
    only: keyValues(only),
    log: (text) => process.stderr.write(`${text}\n`),
  });
  const more = [
    ...(plan.snapshots === undefined ? [] : ["--snapshots", plan.snapshots]),
    ...(only ? ["--only", ...only] : []),
  ];
  const submission = submit(plan, workers, more);
  if (submission)
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
