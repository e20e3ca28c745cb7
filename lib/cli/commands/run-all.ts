import { setPriority } from "node:os";
import { Interrupted, WorkbenchError } from "../../core/errors";
import { describeSeconds } from "../../core/duration";
import { runExperiment } from "../../lab/execute/run-experiment";
import { readProfile } from "../../records/config";
import { experimentsAt } from "../../records/experiment-at";
import { interruptible } from "../interrupt";
import { progressLine } from "../progress-line";
import { planOptions, type RunOptions } from "./run";

interface RunAllOptions extends RunOptions {
  readonly hours?: number;
}

/** Lower than whatever else runs here: hours of work in the background must not be felt. */
const background = 10;

/**
 * `iopfl run --all`: every experiment, the first seed of all before the second of any, so that whole tables come early. Stops when the time is
 * over, after the current batch; the same command goes on from the last finished round.
 */
export async function runAll(experiment: string | undefined, options: RunAllOptions): Promise<void> {
  if (experiment !== undefined)
    throw new WorkbenchError(`--all and ${experiment} exclude each other`, "leave one of them out");
  const { hours, quiet } = options;
  const given = planOptions(options);
  const { seeds } = readProfile(given.profile);
  setPriority(background);
  const started = performance.now();
  const line = progressLine(quiet);
  const time = AbortSignal.timeout(Math.min((hours ?? Infinity) * 3_600_000, 2 ** 31 - 1));
  try {
    await interruptible(async (asked) => {
      const signal = hours === undefined ? asked : AbortSignal.any([asked, time]);
      for (const seed of given.seeds ?? seeds) {
        for (const { id } of experimentsAt(given.profile)) {
          const more = { ...given, seeds: [seed], fresh: options.fresh, signal };
          const { computed, reused } = await runExperiment(id, { ...more, onProgress: line.update, log: line.log });
          line.log(`${id}, seed ${seed}: ${computed} jobs computed, ${reused} reused`);
        }
      }
    });
    process.stdout.write(`everything of profile ${given.profile} is done\n`);
  } catch (error) {
    if (!(error instanceof Interrupted) || !time.aborted) throw error;
    const spent = describeSeconds((performance.now() - started) / 1000);
    process.stdout.write(
      `the time is over after ${spent}; the same command goes on; npx iopfl status --profile ${given.profile} shows what is left\n`,
    );
  } finally {
    line.end();
  }
}
