import type { EngineName } from "../../engine";
import type { Claims } from "../locks/claims";
import type { FromWorker, Outcome } from "./messages";
import type { Job } from "../plan/jobs";
import { createQueue, type Failure } from "./queue";
import { lendIdle } from "./lend-idle";
import { openPlaces } from "./places";
import { cannotStart, tryToStart } from "./start-worker";
import { tellWaiting } from "./waiting";
import type { WorkerProcess } from "./worker-process";

/** What happens to a job, for the log and the progress line. */
export type JobEvent = FromWorker | { readonly type: "started" };

export interface PoolOptions {
  readonly engine: EngineName;
  readonly workers: number;
  /** Memory that a worker is expected to need, in megabytes: for the message of one that is killed. */
  readonly need: number;
  /** Where the data lie. */
  readonly folder: string;
  readonly claims: Claims;
  /** Whether to wait for a job that another process holds (default: for every one). */
  readonly awaited?: (job: Job) => boolean;
  readonly signal?: AbortSignal;
  readonly onEvent: (job: Job, event: JobEvent) => void;
  /** What a worker runs (default: `worker.ts`). */
  readonly script?: string;
}

/** How often a job is tried whose process dies under it, unless there are fewer processes each time. */
const attempts = 2;
const tooSmall = "one alone does not fit either: use a machine with more memory, or a smaller profile";

/**
 * Runs jobs in worker processes, the most costly ready job first; a failing job stops only the jobs that need it. When a process is killed
 * for memory, the others go on, with fewer from then on.
 */
export async function runPool(jobs: readonly Job[], options: PoolOptions): Promise<readonly Failure[]> {
  const { claims, signal, awaited, onEvent } = options;
  const halt = new AbortController();
  const stop = () => halt.abort();
  signal?.addEventListener("abort", stop);
  if (signal?.aborted) stop();
  const onWait = tellWaiting((job, more) =>
    onEvent(job, {
      type: "warning",
      message: `waiting${more > 0 ? ` for this and ${more} more` : ""}: ${claims.holder(job)}`,
    }),
  );
  const queue = createQueue(jobs, { claim: claims.claim, awaited, onWait, signal: halt.signal });
  const places = openPlaces(options.workers, options.need);
  const idle = lendIdle(places.count, () => queue.ready());
  let active = 0;
  const work = async (): Promise<void> => {
    let worker: WorkerProcess | undefined;
    active++;
    const attempt = async (job: Job): Promise<Outcome> => {
      if (!worker?.alive()) {
        const [started, outcome] = await tryToStart(options);
        // An engine that does not start is no fault of the job; a process that was killed on the way is tried again like any other.
        if (outcome.type === "failed" && !outcome.died && !outcome.interrupted)
          throw cannotStart(options.engine, outcome.message);
        if (outcome.type === "failed") return outcome;
        worker = started;
      }
      const ended = idle.busy(job, worker);
      const outcome = await worker.run({ type: "job", job, folder: options.folder }, (message) =>
        onEvent(job, message),
      );
      ended();
      return outcome;
    };
    /** @returns nothing where the job is to be left to the others */
    const persist = async (job: Job): Promise<Outcome | undefined> => {
      const warn = (message: string) => onEvent(job, { type: "warning", message });
      for (let left = attempts; ; left--) {
        const outcome = await attempt(job);
        if (outcome.type !== "failed" || !outcome.died || outcome.interrupted) return outcome;
        const before = places.count();
        const sizes = outcome.died === "memory" && places.lose(idle.running() + 1, worker?.peakMegabytes());
        const message = sizes ? `${outcome.message}: ${sizes}` : outcome.message;
        if (places.count() < before) left = attempts;
        else if (left === 1) return { ...outcome, message: sizes ? `${message}; ${tooSmall}` : message };
        if (active > places.count()) {
          warn(`${message}; going on with ${places.count()}`);
          return undefined;
        }
        warn(`${message}; trying again from its last checkpoint`);
      }
    };
    try {
      for (let job = await queue.next(); job; job = active > places.count() ? undefined : await queue.next()) {
        onEvent(job, { type: "started" });
        const outcome = await persist(job);
        claims.release(job, outcome !== undefined && outcome.type !== "failed");
        if (!outcome) {
          queue.giveBack(job);
          break;
        }
        onEvent(job, outcome);
        if (outcome.type === "failed") queue.fail(job, outcome.message, outcome.interrupted);
        else queue.succeed(job);
      }
    } catch (error) {
      stop(); // or the others would wait for what this one was to do
      throw error;
    } finally {
      active--;
      worker?.stop();
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: Math.min(options.workers, jobs.length) }, work));
  signal?.removeEventListener("abort", stop);
  for (const end of ends) if (end.status === "rejected") throw end.reason;
  return queue.failures;
}
