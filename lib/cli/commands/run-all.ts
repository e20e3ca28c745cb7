import { setPriority } from "node:os";
import { Interrupted, WorkbenchError } from "../../core/errors";
import { describeSeconds } from "../../core/duration";
import { runExperiment, type ExperimentOptions } from "../../lab/execute/run-experiment";
import { readProfile } from "../../records/config";
import { experimentsAt } from "../../records/experiment-at";
import { interruptible } from "../interrupt";
import { progressLine } from "../progress-line";
import { planOptions, type RunOptions } from "./run";

interface RunAllOptions extends RunOptions {
  readonly all: boolean;
  readonly hours?: number;
}

/** Lower than whatever else runs here: hours of work in the background must not be felt. */
const background = 10;

/**
 * `iopfl run --all`: every experiment, the first seed of all before the second of any, so that whole tables come early. Stops when the time is
 * over, after the current batch; the same command goes on from the last finished round.
 */
export async function runAll(experiment: string | undefined, options: RunAllOptions): Promise<void> {
  refuseOthers(experiment, options);
  const { hours, quiet } = options;
  const given = planOptions(options);
  const { seeds } = readProfile(given.profile);
  setPriority(background);
  const started = performance.now();
  const line = progressLine(quiet);
  const failed: WorkbenchError[] = [];
  const time = AbortSignal.timeout(Math.min((hours ?? Infinity) * 3_600_000, 2 ** 31 - 1));
  try {
    await interruptible(async (asked) => {
      const signal = hours === undefined ? asked : AbortSignal.any([asked, time]);
      for (const seed of given.seeds ?? seeds) {
        for (const { id } of experimentsAt(given.profile)) {
          const how = { ...given, seeds: [seed], fresh: options.fresh, signal };
          const said = await tryExperiment(id, { ...how, onProgress: line.update, log: line.log }, failed);
          line.log(`${id}, seed ${seed}: ${said}`);
        }
      }
    });
    if (failed.length > 0) throw allBut(failed);
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

/** Runs one: what fails in it must not cost the night of the others. @returns what it came to, in words */
async function tryExperiment(id: string, options: ExperimentOptions, failed: WorkbenchError[]): Promise<string> {
  try {
    const { computed, reused } = await runExperiment(id, options);
    return `${computed} jobs computed, ${reused} reused`;
  } catch (error) {
    if (!(error instanceof WorkbenchError) || error instanceof Interrupted) throw error;
    failed.push(error);
    return error.problem;
  }
}

const allBut = ([first, ...more]: readonly WorkbenchError[]): WorkbenchError =>
  new WorkbenchError(`all was tried, and ${more.length + 1} did not finish: ${first.problem}`, first.hint);

/** What is about one experiment, or about another way to run, says nothing of all of them. */
function refuseOthers(experiment: string | undefined, options: RunAllOptions): void {
  const { all, slurm, dryRun, json, snapshots, only } = options;
  if (!all)
    throw new WorkbenchError("--hours is for --all alone", "add --all, or stop the run with Ctrl-C: it goes on later");
  const others = { "--slurm": slurm, "--dry-run": dryRun, "--json": json, "--snapshots": snapshots, "--only": only };
  const other = experiment ?? Object.entries(others).find(([, given]) => given)?.[0];
  if (other !== undefined) throw new WorkbenchError(`--all and ${other} exclude each other`, "leave one of them out");
}
