import type { Job } from "../plan/jobs";
import type { WorkerProcess } from "./worker-process";

/** Lends the places of workers that have no job to federations that run, as helpers for their clients. */
export interface Idle {
  /** A worker is at a job. @returns what is to be called when it no longer is */
  busy(job: Job, worker: WorkerProcess): () => void;
  /** @returns how many processes are at work, helpers included */
  running(): number;
}

/** @param workers how many processes there may be @param waiting how many jobs could start at once */
export function lendIdle(workers: () => number, waiting: () => number): Idle {
  const running = new Map<WorkerProcess, { readonly job: Job; told: number }>();
  let due: NodeJS.Immediate | undefined;
  const lend = (): void => {
    due = undefined;
    const shares = shareOf(
      workers() - running.size - waiting(),
      [...running.values()].map(({ job }) => job),
    );
    for (const [index, [worker, lent]] of [...running].entries()) {
      if (lent.told === shares[index]) continue;
      lent.told = shares[index];
      worker.tell({ type: "helpers", job: lent.job.id, count: lent.told });
    }
  };
  // Only when it has turned out whether the worker that became free has found another job.
  const lendSoon = () => void (due ??= setImmediate(lend));
  return {
    running: () => [...running.values()].reduce((sum, { told }) => sum + 1 + told, 0),
    busy(job, worker) {
      running.set(worker, { job, told: 0 });
      lendSoon();
      return () => {
        running.delete(worker);
        lendSoon();
      };
    },
  };
}

/** @returns how many of the idle places each job gets: the most costly federation first, and no job more than it has other clients */
export function shareOf(idle: number, jobs: readonly Job[]): number[] {
  const shares = jobs.map(() => 0);
  const room = (index: number) => jobs[index].kind === "federation" && shares[index] < clientsOf(jobs[index]) - 1;
  const order = jobs.map((_, index) => index).sort((a, b) => jobs[b].cost - jobs[a].cost);
  for (let left = idle; left > 0; left--) {
    const [first] = order.filter(room).sort((a, b) => shares[a] - shares[b]);
    if (first === undefined) break;
    shares[first]++;
  }
  return shares;
}

const clientsOf = (job: Job): number => (job.kind === "federation" ? job.sites.length : 1);
