import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { writeAtomic } from "../../io/atomic";
import { isRunning, thisProcess } from "../../io/owner";
import {
  createOnce,
  ignoringFaults,
  parseClaim,
  readOrEmpty,
  removeParts,
  unwritable,
  type Claim,
} from "./lease-files";

/** The right to run a job, for one of the processes that share a work folder. */
export interface Lease {
  /** Whether another process had it before and did not finish: it may have left parts of files. */
  readonly takenOver: boolean;
  /** Gives the job back. A finished job leaves no trace; another one is free to be taken again. */
  release(finished: boolean): void;
}

export interface Leases {
  /** @returns the lease, or `undefined` while another living process holds the job */
  take(job: string): Lease | undefined;
  /** Gives back what is held and stops the heartbeat. */
  close(): void;
}

/** What can be seen of a lease from here. */
export interface LeaseState {
  /** Whether a process is at work on the job: `undefined` where the lease cannot be read. */
  readonly held: boolean | undefined;
  /** Who holds it, in words. */
  readonly holder: string;
}

const beatEvery = 10_000;
/**
 * How long a holder on another machine may be silent, and how long a lease may stay unreadable: its holder, if it lives, writes it anew
 * every ten seconds. Measured on this process's own clock: the wall clock may jump.
 */
const silence = 300_000;
const unreadable = 3 * beatEvery;

/**
 * Leases are files `<job>.<generation>`. A new one is made by linking a finished file to the next free generation, which only one
 * process can do, however many have seen the holder before it dead. Generations only grow until the job is finished, so nobody can
 * make one a second time. Should a holder be wrongly taken for dead, work is done twice but nothing is lost: all writes are atomic
 * and both write the same bytes.
 */
export function openLeases(folder: string, now: () => number = () => performance.now()): Leases {
  const self = thisProcess();
  /** Rewrites each lease that is held here. */
  const held = new Map<string, (more?: Partial<Claim>) => void>();
  /** What was last read of other machines' leases, and since when it has not changed. */
  const seen = new Map<string, { text: string; since: number }>();
  mkdirOrExplain(folder);
  removeParts(folder);

  const isHeld = (path: string): boolean => {
    const text = readOrEmpty(path);
    const claim = parseClaim(text);
    if (claim?.released) return false;
    const running = claim && isRunning(claim);
    if (running !== undefined) return running;
    const last = seen.get(path);
    if (last?.text !== text) seen.set(path, { text, since: now() });
    return last?.text !== text || now() - last.since < (claim ? silence : unreadable);
  };
  const timer = setInterval(() => held.forEach((rewrite) => rewrite()), beatEvery);
  timer.unref();

  return {
    take(job) {
      const generation = latest(folder, job);
      if (generation > 0 && isHeld(place(folder, job, generation))) return undefined;
      const path = place(folder, job, generation + 1);
      let beats = 0;
      const claim = (more: Partial<Claim> = {}) => JSON.stringify({ ...self, beat: beats++, ...more } satisfies Claim);
      if (!createOnce(path, claim(), self.token)) return undefined;
      const rewrite = (more?: Partial<Claim>) => ignoringFaults(() => writeAtomic(path, claim(more)));
      held.set(path, rewrite);
      return {
        takenOver: generation > 0,
        release(finished) {
          if (!held.delete(path)) return;
          if (!finished) rewrite({ released: true });
          else
            for (let each = generation + 1; each > 0; each--)
              ignoringFaults(() => rmSync(place(folder, job, each), { force: true }));
        },
      };
    },
    close() {
      clearInterval(timer);
      held.forEach((rewrite) => rewrite({ released: true }));
      held.clear();
    },
  };
}

const place = (folder: string, job: string, generation: number) => join(folder, `${job}.${generation}`);

function latest(folder: string, job: string): number {
  let generation = 0;
  while (existsSync(place(folder, job, generation + 1))) generation++;
  return generation;
}

/** @returns the jobs that have leases, and what can be seen of each from here */
export function readLeases(folder: string): Map<string, LeaseState> {
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => /^\w+\.\d+$/.test(file)) : [];
  const jobs = new Map<string, LeaseState>();
  for (const file of files) {
    const [job] = file.split(".");
    const state = stateOf(join(folder, file));
    const known = jobs.get(job);
    if (known === undefined || state.held || (state.held === undefined && !known.held)) jobs.set(job, state);
  }
  return jobs;
}

/** @returns what can be seen of a job's lease from here */
export const readLease = (folder: string, job: string): LeaseState => stateOf(place(folder, job, latest(folder, job)));

function stateOf(path: string): LeaseState {
  const text = readOrEmpty(path);
  const claim = parseClaim(text);
  if (!claim) {
    const what = text === "" ? "is empty, as after a power cut" : "cannot be read";
    const seconds = unreadable / 1000;
    return {
      held: undefined,
      holder: `held by nobody that can be seen: its lease ${what}; taken over after ${seconds} s`,
    };
  }
  const running = isRunning(claim);
  if (running === undefined)
    return {
      held: !claim.released,
      holder: `held by process ${claim.pid} of another machine or container; taken over once its lease has not changed for ${silence / 60_000} min`,
    };
  return { held: !claim.released && running, holder: `held by process ${claim.pid} of this machine` };
}

function mkdirOrExplain(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw unwritable(folder, error);
  }
}
