import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { answersOf, type Answers } from "../release/answers";
import { leaseFolder, isFinished } from "../locks/claims";
import { commandFor } from "../plan/command-for";
import { lastFailure } from "../execute/job-log";
import { defaultWorkers } from "../execute/worker-need";
import type { Job } from "../plan/jobs";
import { readLeases } from "../locks/leases";
import { outlineExperiment, type PlanOptions } from "../plan/plan-experiment";
import { readText } from "../../io/byte-source";
import { provenancePath } from "../../records/paths";
import { provenanceSchema, type Provenance } from "../../records/schema";

/** A job, and in words who holds it. */
export interface Held {
  readonly name: string;
  readonly holder: string;
}

export interface ExperimentStatus {
  readonly engine: string;
  /** Whether the data are there and have been read: otherwise nothing can be said to be done. */
  readonly dataKnown: boolean;
  readonly jobs: number;
  readonly done: number;
  /** Of these what is answered by a release, whatever lies here. */
  readonly released: number;
  /** The experiment whose runs these are, where it is another. */
  readonly of?: string;
  /** How long one worker took for what is done: of processor time, which no pause adds to, or on a card as it was. */
  readonly secondsDone: number;
  /** Of what is done and was measured, and of what is not done, in the units of `Job.cost`. */
  readonly costDone: number;
  readonly costLeft: number;
  /** How many workers are at it, or would be. */
  readonly workers: number;
  /** Jobs that a process is at work on, here or on another machine that shares the work folder. */
  readonly running: readonly Held[];
  /** Jobs whose leases say nothing, so that the next run waits a little for them. */
  readonly unreadable: readonly Held[];
  readonly failed: readonly { readonly name: string; readonly message: string; readonly again: string }[];
  /** Neither done nor running; failed ones are tried again by the next run. */
  readonly left: number;
  /** How long what is not done would take with as many workers as are running (or as there are cores), once there is a measure. */
  readonly secondsLeft: number | undefined;
}

/** @returns where an experiment stands, from its records, leases and logs; nothing is run or written */
export async function experimentStatus(id: string, options: PlanOptions): Promise<ExperimentStatus> {
  const { plan, dataKnown } = await outlineExperiment(id, options);
  const { jobs, engine } = plan;
  const answers = answersOf(plan);
  const done = new Set(jobs.filter((job) => answers.has(job.id) || isFinished(job)));
  const leases = readLeases(leaseFolder());
  const open = jobs.filter((job) => !done.has(job));
  const running = open.filter(({ id }) => leases.get(id)?.held);
  const unreadable = open.filter(({ id }) => leases.has(id) && leases.get(id)?.held === undefined);
  const waiting = open.filter((job) => !running.includes(job));
  const failed = waiting.flatMap((job) => {
    const message = lastFailure(job);
    return message === undefined ? [] : [{ name: job.name, message, again: commandFor(plan, job) }];
  });
  const workers = Math.max(1, Math.min(open.length, running.length || defaultWorkers(engine.name, plan.profile)));
  const spent = spentOn(done, answers);
  const costLeft = open.reduce((sum, job) => sum + job.cost, 0);
  return {
    engine: engine.name,
    dataKnown,
    of: plan.experiment.of,
    jobs: jobs.length,
    done: done.size,
    released: answers.size,
    secondsDone: spent.seconds,
    costDone: spent.cost,
    costLeft,
    workers,
    running: running.map(({ name, id }) => ({ name, holder: leases.get(id)?.holder ?? "" })),
    unreadable: unreadable.map(({ name, id }) => ({ name, holder: leases.get(id)?.holder ?? "" })),
    failed,
    left: waiting.length,
    secondsLeft: spent.cost > 0 ? (costLeft * spent.seconds) / spent.cost / workers : undefined,
  };
}

/** @returns the same, and how long those have left that nothing was measured of, by what the others took; none where the data are not known */
export function estimated(states: readonly ExperimentStatus[]): ExperimentStatus[] {
  const sum = (of: (state: ExperimentStatus) => number) => states.reduce((total, state) => total + of(state), 0);
  const [cost, seconds] = [sum(({ costDone }) => costDone), sum(({ secondsDone }) => secondsDone)];
  if (cost === 0) return [...states];
  return states.map((state) => ({
    ...state,
    secondsLeft: state.secondsLeft ?? (state.dataKnown ? (state.costLeft * seconds) / cost / state.workers : undefined),
  }));
}

/** @returns the bytes of all files below a folder, as far as it can be read */
export function diskUsed(folder: string): number {
  try {
    return readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
      const path = join(folder, entry.name);
      return sum + (entry.isDirectory() ? diskUsed(path) : (lstatSync(path, { throwIfNoEntry: false })?.size ?? 0));
    }, 0);
  } catch {
    return 0; // Not there, or another user's.
  }
}

/** Cost and seconds of the jobs that are done, as far as it is known how long they took. */
function spentOn(done: Iterable<Job>, answers: Answers): { cost: number; seconds: number } {
  let [cost, seconds] = [0, 0];
  for (const job of done) {
    const own = readProvenance(provenancePath(job.profile.id, job.experiment, job.name));
    const provenance = answers.get(job.id)?.provenance ?? (own?.id === job.id ? own : undefined);
    if (!provenance) continue;
    cost += job.cost;
    seconds += provenance.engine.device === "CPU" ? provenance.cpuSeconds : provenance.wallSeconds;
  }
  return { cost, seconds };
}

/** @returns nothing where there is none, or a damaged one: how long a job took is no result */
function readProvenance(path: string): Provenance | undefined {
  try {
    return provenanceSchema.safeParse(JSON.parse(readText(path, path))).data;
  } catch {
    return undefined;
  }
}
