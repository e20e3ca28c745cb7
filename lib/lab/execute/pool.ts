import type { EngineName } from "../../engine";
import type { Claims } from "../locks/claims";
import type { FromWorker, Outcome } from "./messages";
import type { Job } from "../plan/jobs";
import { createQueue, type Failure } from "./queue";
import { lendIdle } from "./lend-idle";
import { cannotStart, tryToStart } from "./start-worker";
import { tellWaiting } from "./waiting";
import type { WorkerProcess } from "./worker-process";

/** What happens to a job, for the log and the progress line. */
export type JobEvent = FromWorker | { readonly type: "started" };

export interface PoolOptions {
  readonly engine: EngineName;
  readonly workers: number;
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

/** How often a job is tried whose process dies under it: killed by hand, or by a system that ran out of memory for a moment. */
const attempts = 2;

/** Runs jobs in worker processes, the most costly ready job first; a failing job stops only the jobs that need it. */
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
  const idle = lendIdle(options.workers, () => queue.ready());
  const work = async (): Promise<void> => {
    let worker: WorkerProcess | undefined;
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
    try {
      for (let job = await queue.next(); job; job = await queue.next()) {
        onEvent(job, { type: "started" });
        let outcome = await attempt(job);
        for (
          let tried = 1;
          tried < attempts && outcome.type === "failed" && outcome.died && !outcome.interrupted;
          tried++
        ) {
          onEvent(job, { type: "warning", message: `${outcome.message}; trying again from its last checkpoint` });
          outcome = await attempt(job);
        }
        claims.release(job, outcome.type !== "failed");
        onEvent(job, outcome);
        if (outcome.type === "failed") queue.fail(job, outcome.message, outcome.interrupted);
        else queue.succeed(job);
      }
    } catch (error) {
      stop(); // or the others would wait for what this one was to do
      throw error;
    } finally {
      worker?.stop();
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: Math.min(options.workers, jobs.length) }, work));
  signal?.removeEventListener("abort", stop);
  for (const end of ends) if (end.status === "rejected") throw end.reason;
  return queue.failures;
}
