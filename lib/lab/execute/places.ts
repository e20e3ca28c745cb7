import { machineLimits } from "./machine-limits";
import { workersThatFit } from "./worker-need";

/** How many processes may be at work at once. */
export interface Places {
  count(): number;
  /**
   * A process was killed for memory: from now on there are fewer, as many as fit by what it had, but at least one.
   * @param running how many there were @param peak what it had, in megabytes, where that is known
   * @returns how many of which size there were in how much memory
   */
  lose(running: number, peak?: number): string;
}

/** @param need of a process in megabytes, where nothing better is known */
export function openPlaces(workers: number, need: number): Places {
  let count = workers;
  return {
    count: () => count,
    lose(running, peak = need) {
      const limits = machineLimits();
      const { memoryMegabytes } = limits;
      count = Math.max(1, Math.min(count - 1, workersThatFit(peak, { ...limits, freeMegabytes: undefined })));
      return `${running} worker${running === 1 ? "" : "s"} of ${peak} MB in ${memoryMegabytes} MB`;
    },
  };
}
