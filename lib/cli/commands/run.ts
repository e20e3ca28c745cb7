import { WorkbenchError } from "../../core/errors";
import type { EngineChoice } from "../../engine";
import { planExperiment } from "../../lab/plan-experiment";
import { runExperiment, type ExperimentOutcome } from "../../lab/run-experiment";
import { runFromSnapshots } from "../../lab/run-snapshots";
import { submit } from "../../lab/slurm";
import { experimentTable } from "../../report/experiment-table";
import { textTable } from "../../report/text-table";
import { interruptible } from "../interrupt";
import { keyValues } from "../key-values";
import { describeSeconds, progressLine } from "../progress-line";

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
  if (options.slurm && options.snapshots) throw new WorkbenchError("--snapshots does not go with --slurm", "run it on one machine");
  if (options.slurm) return runOnSlurm(experiment, options);
  const outcome = await runWithProgress(experiment, options);
  process.stdout.write(`${textTable(experimentTable(outcome.experiment.kind, outcome.task.sites, outcome.records))}\n`);
}

/** Runs an experiment with a progress line and says what was computed and what was reused. */
export async function runWithProgress(experiment: string, { profile, engine, workers, only, snapshots }: RunOptions): Promise<ExperimentOutcome> {
  const started = performance.now();
  const line = progressLine();
  try {
    const outcome = await interruptible((signal) => {
      const given = { profile, engine, workers, only: keyValues(only), signal, onProgress: line.update, log: (text: string) => void process.stderr.write(`${text}\n`) };
      return snapshots === undefined ? runExperiment(experiment, given) : runFromSnapshots(experiment, snapshots, given);
    });
    line.end();
    const seconds = describeSeconds((performance.now() - started) / 1000);
    process.stderr.write(`${experiment}: ${outcome.computed} jobs computed, ${outcome.reused} reused, ${seconds}; engine ${outcome.engine} (${outcome.engineWhy})\n`);
    return outcome;
  } finally {
    line.end();
  }
}

/** Plans here, with the data written once, and leaves the work to the cluster. */
async function runOnSlurm(experiment: string, { profile, engine, workers, only }: RunOptions): Promise<void> {
  if (only) throw new WorkbenchError("--only does not go with --slurm", "submit the whole experiment: what is done is not done again");
  const plan = await planExperiment(experiment, { profile, engine, log: (text) => process.stderr.write(`${text}\n`) });
  const submission = submit(plan, workers);
  if (submission) process.stdout.write(`${experiment}: Slurm array ${submission.array} of ${submission.tasks} tasks, then report ${submission.report}; npx iopfl status --profile ${profile} shows them\n`);
  else process.stdout.write(`${experiment}: all ${plan.jobs.length} jobs are done; nothing was submitted\n`);
}
