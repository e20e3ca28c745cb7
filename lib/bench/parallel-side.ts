import { startOwn } from "./own-side";
import type { Runner } from "./side";
import type { OwnTask } from "./task";

/**
 * Some processes at the same work at the same time, as workers on the jobs of an experiment are.
 * @returns a runner whose time of a sample is what one takes on average while all are at it: of two in a second, half a second
 */
export async function startParallel(task: OwnTask, workers: number, signal: AbortSignal): Promise<Runner> {
  const runners: Runner[] = [];
  for (let worker = 0; worker < workers; worker++) runners.push(await startOwn(task, signal));
  return {
    facts: runners[0].facts,
    async repeat(samples) {
      const started = performance.now();
      const parts = await Promise.all(runners.map((runner) => runner.repeat(samples)));
      const seconds = (performance.now() - started) / 1000 / (samples * workers);
      return {
        seconds: [seconds],
        cpuSeconds: parts.reduce((sum, part) => sum + part.cpuSeconds, 0) / (samples * workers),
        tensors: parts.reduce((sum, { tensors = 0 }) => sum + tensors, 0),
      };
    },
    async end() {
      const peaks = await Promise.all(runners.map((runner) => runner.end()));
      return { peakMegabytes: peaks.reduce((sum, { peakMegabytes }) => sum + peakMegabytes, 0) };
    },
    kill: () => runners.forEach((runner) => runner.kill()),
  };
}
