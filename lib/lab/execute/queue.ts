import type { Job } from "../plan/jobs";

export interface Failure {
  readonly job: Job;
  readonly message: string;
  readonly interrupted: boolean;
}

export interface QueueOptions {
  /** Asks for the right to run a job: `finished` when its record has appeared meanwhile, `held` while another process runs it. */
  readonly claim: (job: Job) => "taken" | "finished" | "held";
  /** Whether to wait for a job that another process holds (default: for every one). */
  readonly awaited?: (job: Job) => boolean;
  /** Called, again and again, while there is nothing to do but wait for jobs that other processes hold. */
  readonly onWait?: (jobs: readonly Job[]) => void;
  readonly signal?: AbortSignal;
}

export interface JobQueue {
  /** @returns the next job to run once there is one, or `undefined` when there is none left for this process */
  next(): Promise<Job | undefined>;
  succeed(job: Job): void;
  fail(job: Job, message: string, interrupted: boolean): void;
  /** Leaves a job that was taken to whoever asks next. */
  giveBack(job: Job): void;
  readonly failures: readonly Failure[];
  /** @returns how many jobs could start at once */
  ready(): number;
}

/** How often a job that another process holds is asked for again. */
const askAgain = 500;

/** Hands out jobs, the most costly ready one first; an adaptation is ready when its federation is done, and fails with it. */
export function createQueue(
  jobs: readonly Job[],
  { claim, awaited = () => true, onWait, signal }: QueueOptions,
): JobQueue {
  const unfinished = new Set(jobs.map(({ id }) => id));
  const ready: Job[] = [];
  const blocked = new Map<string, Job[]>();
  let elsewhere: Job[] = [];
  let running = 0;
  const failures: Failure[] = [];
  let sleepers: (() => void)[] = [];

  const wake = () => {
    sleepers.forEach((resume) => resume());
    sleepers = [];
  };
  /** Cheapest first: jobs are taken from the end. Of equal costs the one named first in the experiment comes first. */
  const order = () => ready.sort((a, b) => a.cost - b.cost);
  const unblock = (job: Job): Job[] => {
    const freed = blocked.get(job.id) ?? [];
    blocked.delete(job.id);
    unfinished.delete(job.id);
    return freed;
  };
  const succeed = (job: Job) => {
    const freed = unblock(job);
    if (freed.length > 0) {
      ready.push(...freed.reverse());
      order();
    }
    wake();
  };
  const fail = (job: Job, message: string, interrupted: boolean) => {
    failures.push({ job, message, interrupted });
    for (const needing of unblock(job)) fail(needing, `needs ${job.name}, which failed`, interrupted);
    wake();
  };
  const claimNext = (): Job | undefined => {
    for (let job = ready.pop(); job; job = ready.pop()) {
      const answer = claim(job);
      if (answer === "taken") return job;
      if (answer === "held") elsewhere.push(job);
      else succeed(job);
    }
    return undefined;
  };
  const sleep = () =>
    new Promise<void>((resolve) => {
      const timer = elsewhere.length > 0 ? setTimeout(resolve, askAgain) : undefined;
      sleepers.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });

  for (const job of [...jobs].reverse()) {
    if (job.kind === "federation" || !unfinished.has(job.federation.id)) ready.push(job);
    else blocked.set(job.federation.id, [...(blocked.get(job.federation.id) ?? []), job]);
  }
  order();
  signal?.addEventListener("abort", wake);

  return {
    failures,
    ready: () => ready.length,
    succeed(job) {
      running--;
      succeed(job);
    },
    fail(job, message, interrupted) {
      running--;
      fail(job, message, interrupted);
    },
    giveBack(job) {
      running--;
      ready.push(job);
      order();
      wake();
    },
    async next() {
      for (;;) {
        if (signal?.aborted) return undefined;
        const job = claimNext();
        if (job) {
          running++;
          return job;
        }
        const ownWillFree = running > 0 && blocked.size > 0;
        const others = elsewhere.filter(awaited);
        if (!ownWillFree && others.length === 0) return undefined;
        if (running === 0) onWait?.(others);
        await sleep();
        ready.push(...elsewhere);
        elsewhere = [];
        order();
      }
    },
  };
}
