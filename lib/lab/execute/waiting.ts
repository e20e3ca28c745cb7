import { performance } from "node:perf_hooks";
import type { Job } from "../plan/jobs";

/** How long this process waits for others before it says so, and then until it says so again, in milliseconds. */
const patience = 5_000;
const again = 60_000;

/**
 * @param tell is told of one job that others hold, and how many more there are, once waiting for them has lasted
 * @returns what is to be called whenever this process has nothing to do but wait, with the jobs that it waits for
 */
export function tellWaiting(
  tell: (job: Job, more: number) => void,
  now: () => number = () => performance.now(),
): (jobs: readonly Job[]) => void {
  const since = new Map<string, number>();
  let quietUntil = -Infinity;
  return (jobs) => {
    const time = now();
    for (const { id } of jobs) if (!since.has(id)) since.set(id, time);
    const [longest] = [...jobs].sort((a, b) => (since.get(a.id) ?? 0) - (since.get(b.id) ?? 0));
    if (!longest || time < quietUntil || time - (since.get(longest.id) ?? time) < patience) return;
    quietUntil = time + again;
    tell(longest, jobs.length - 1);
  };
}
