import type { EngineChoice } from "../../engine";
import { runExperiment, type ExperimentOutcome } from "../../lab/run-experiment";
import { interruptible } from "../interrupt";
import { keyValues } from "../key-values";
import { describeSeconds, progressLine } from "../progress-line";
import { experimentTable } from "../../report/experiment-table";
import { textTable } from "../../report/text-table";

export interface RunOptions {
  readonly profile: string;
  readonly engine: EngineChoice;
  readonly workers?: number;
  readonly only?: readonly string[];
}

/** `iopfl run <experiment>` */
export async function run(experiment: string, options: RunOptions): Promise<void> {
  const outcome = await runWithProgress(experiment, options);
  process.stdout.write(`${textTable(experimentTable(outcome.experiment.kind, outcome.task.sites, outcome.records))}\n`);
}

/** Runs an experiment with a progress line and says what was computed and what was reused. */
export async function runWithProgress(experiment: string, { profile, engine, workers, only }: RunOptions): Promise<ExperimentOutcome> {
  const started = Date.now();
  const line = progressLine();
  try {
    const outcome = await interruptible((signal) =>
      runExperiment(experiment, { profile, engine, workers, only: keyValues(only), signal, onProgress: line.update, log: (text) => process.stderr.write(`${text}\n`) }),
    );
    line.end();
    const seconds = describeSeconds((Date.now() - started) / 1000);
    process.stderr.write(`${experiment}: ${outcome.computed} jobs computed, ${outcome.reused} reused, ${seconds}; engine ${outcome.engine} (${outcome.engineWhy})\n`);
    return outcome;
  } finally {
    line.end();
  }
}
