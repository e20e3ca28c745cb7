import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { WorkbenchError } from "../../core/errors";
import { writeAtomic } from "../../io/atomic";
import { isRunning, thisProcess, type Owner } from "./owner";

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

interface Claim extends Owner {
  readonly beat: number;
  readonly released?: true;
}

const beatEvery = 10_000;
/** How long a holder on another machine may be silent. Measured on this process's own clock: the wall clock may jump. */
const silence = 300_000;

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
  const place = (job: string, generation: number) => join(folder, `${job}.${generation}`);
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
    return last?.text !== text || now() - last.since < silence;
  };
  const timer = setInterval(() => held.forEach((rewrite) => rewrite()), beatEvery);
  timer.unref();

  return {
    take(job) {
      let generation = 0;
      while (existsSync(place(job, generation + 1))) generation++;
      if (generation > 0 && isHeld(place(job, generation))) return undefined;
      const path = place(job, generation + 1);
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
              ignoringFaults(() => rmSync(place(job, each), { force: true }));
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

/** @returns the jobs that have leases, and whether somebody is at work on them, as far as can be seen from here */
export function readLeases(folder: string): Map<string, boolean> {
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => /^\w+\.\d+$/.test(file)) : [];
  const jobs = new Map<string, boolean>();
  for (const file of files) {
    const [job] = file.split(".");
    const claim = parseClaim(readOrEmpty(join(folder, file)));
    jobs.set(job, jobs.get(job) === true || (claim !== undefined && !claim.released && isRunning(claim) !== false));
  }
  return jobs;
}

/** Puts a whole file at a place where there is none. @returns false when another process was first */
function createOnce(path: string, text: string, token: string): boolean {
  const temporary = `${path}.${token}.tmp`;
  try {
    writeFileSync(temporary, text);
    linkSync(temporary, path);
    return true;
  } catch (error) {
    // EEXIST: another was first. ENOENT: another took our file for what a dead process left; we ask again later.
    if (["EEXIST", "ENOENT"].includes((error as NodeJS.ErrnoException).code ?? "")) return false;
    throw unwritable(path, error);
  } finally {
    ignoringFaults(() => rmSync(temporary, { force: true }));
  }
}

/** Removes what processes left that died while they took a lease. */
function removeParts(folder: string): void {
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".tmp"))) {
    const claim = parseClaim(readOrEmpty(join(folder, file)));
    if (!claim || isRunning(claim) === false) ignoringFaults(() => rmSync(join(folder, file), { force: true }));
  }
}

function parseClaim(text: string): Claim | undefined {
  try {
    return JSON.parse(text) as Claim;
  } catch {
    return undefined;
  }
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function mkdirOrExplain(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw unwritable(folder, error);
  }
}

function unwritable(path: string, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  return code === undefined
    ? error
    : new WorkbenchError(`cannot write ${path} (${code})`, "make the folder writable, or name another with IOPFL_WORK");
}

/** A lease is a help, not a result: a heartbeat that cannot be written must not fail a job. */
function ignoringFaults(work: () => void): void {
  try {
    work();
  } catch {
    // The holder's process is seen by its id; on another machine it is taken for dead in the end, and the job is done twice.
  }
}
