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
  /** How long one worker took for what is done. */
  readonly secondsDone: number;
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
  const secondsPerCost = spent.cost > 0 ? spent.seconds / spent.cost : undefined;
  const cost = open.reduce((sum, job) => sum + job.cost, 0);
  const secondsLeft = secondsPerCost === undefined ? undefined : (cost * secondsPerCost) / workers;
  return {
    engine: engine.name,
    dataKnown,
    jobs: jobs.length,
    done: done.size,
    released: answers.size,
    secondsDone: spent.seconds,
    running: running.map(({ name, id }) => ({ name, holder: leases.get(id)?.holder ?? "" })),
    unreadable: unreadable.map(({ name, id }) => ({ name, holder: leases.get(id)?.holder ?? "" })),
    failed,
    left: waiting.length,
    secondsLeft,
  };
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
    seconds += provenance.wallSeconds;
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
