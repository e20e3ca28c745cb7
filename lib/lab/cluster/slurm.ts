import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { WorkbenchError } from "../../core/errors";
import { writeAtomic } from "../../io/atomic";
import { missingJobs, placeOf, type ExperimentPlan } from "../plan/plan-experiment";
import { workFolder } from "../../records/paths";
import { arrayScript, reportScript } from "./slurm-scripts";

const submissionSchema = z.strictObject({ array: z.string(), report: z.string(), tasks: z.int() });
export type Submission = z.infer<typeof submissionSchema>;

/** What the cluster has of an experiment. */
export interface SlurmState extends Submission {
  /** Tasks by state in Slurm's words, `{ RUNNING: 3, PENDING: 5 }`; empty once all have left the queue. */
  readonly states: Readonly<Record<string, number>>;
}

/** More tasks than this queue up with most schedulers; each then works through several jobs. */
const mostTasks = 100;

/**
 * Writes and submits a job array that works off what is missing of an experiment, and a job that builds the report when the array has
 * ended. Scripts, logs and the submission lie below the work folder, which all nodes must share.
 * @param more arguments of `iopfl work` with which a worker comes to the same plan
 * @returns `undefined` when nothing is missing
 * @throws WorkbenchError when Slurm is not there, refuses, or has an array of this experiment already
 */
export function submit(
  plan: ExperimentPlan,
  tasks: number = mostTasks,
  more: readonly string[] = [],
): Submission | undefined {
  const { experiment, profile, engine, data, jobs } = plan;
  const name = placeOf(plan);
  const known = slurmState(profile.id, name);
  if (known && Object.keys(known.states).length > 0) {
    throw new WorkbenchError(
      `array ${known.array} of ${name} is still in Slurm's queue`,
      `wait for it (npx iopfl status), or scancel ${known.array}`,
    );
  }
  const missing = missingJobs(jobs);
  if (missing.length === 0) return undefined;
  const folder = slurmFolder(profile.id, name);
  mkdirSync(folder, { recursive: true });
  const count = Math.min(tasks, missing.length);
  const work = [experiment.id, "--profile", profile.id, "--engine", engine.name, ...more];
  const what = { name, work, profile, slices: data.slices };
  const array = sbatch(folder, "array.sh", arrayScript(what), [`--array=0-${count - 1}`]);
  // After any end of the array: a report that says what is missing is worth more than none.
  const report = sbatch(folder, "report.sh", reportScript(what), [`--dependency=afterany:${array}`]);
  const submission = { array, report, tasks: count };
  writeAtomic(join(folder, "submission.json"), JSON.stringify(submission));
  return submission;
}

/** @param name of the plan: see `placeOf`. @returns what was submitted last and how its tasks stand, or `undefined` when nothing was */
export function slurmState(profile: string, name: string): SlurmState | undefined {
  const path = join(slurmFolder(profile, name), "submission.json");
  if (!existsSync(path)) return undefined;
  const submission = readSubmission(path);
  if (!submission) return undefined;
  const states: Record<string, number> = {};
  for (const state of queued(submission.array)) states[state] = (states[state] ?? 0) + 1;
  return { ...submission, states };
}

/** @returns nothing for a damaged file: what it named is in Slurm's queue or it is over */
function readSubmission(path: string): Submission | undefined {
  try {
    return submissionSchema.safeParse(JSON.parse(readFileSync(path, "utf8"))).data;
  } catch {
    return undefined;
  }
}

const slurmFolder = (profile: string, name: string): string => join(workFolder, "slurm", profile, name);

function sbatch(folder: string, name: string, script: string, options: readonly string[]): string {
  const path = join(folder, name);
  writeAtomic(path, script);
  return slurm("sbatch", ["--parsable", `--chdir=${folder}`, ...options, path])
    .trim()
    .split(";")[0];
}

/** The states of an array's tasks that are in the queue; none when Slurm has forgotten it. */
function queued(array: string): string[] {
  try {
    return slurm("squeue", ["--noheader", "--array", `--jobs=${array}`, "--format=%T"])
      .split("\n")
      .filter(Boolean);
  } catch (error) {
    if (error instanceof WorkbenchError) return [];
    throw error;
  }
}

function slurm(program: string, args: readonly string[]): string {
  try {
    return execFileSync(program, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  } catch (error) {
    const { code, stderr } = error as { code?: string; stderr?: string };
    if (code === "ENOENT")
      throw new WorkbenchError(
        `there is no ${program} on this machine`,
        "run this where you submit jobs to Slurm, or leave out --slurm",
      );
    throw new WorkbenchError(
      `${program} refused: ${String(stderr ?? error).trim()}`,
      "Slurm's own SBATCH_ variables set what it asks for, for example SBATCH_ACCOUNT or SBATCH_PARTITION",
    );
  }
}
