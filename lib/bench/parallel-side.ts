import { startOwn } from "./own-side";
import type { Runner } from "./side";
import type { OwnTask } from "./task";

/** Some processes that share the samples of a repetition among them: what several workers on the jobs of an experiment do. */
export async function startParallel(task: OwnTask, workers: number, signal: AbortSignal): Promise<Runner> {
  const runners: Runner[] = [];
  for (let worker = 0; worker < workers; worker++) runners.push(await startOwn(task, signal));
  return {
    facts: runners[0].facts,
    async repeat(samples) {
      const started = performance.now();
      const parts = await Promise.all(runners.map((runner, worker) => runner.repeat(Math.floor((samples + worker) / workers))));
      const seconds = (performance.now() - started) / 1000;
      return { seconds: [seconds], cpuSeconds: parts.reduce((sum, part) => sum + part.cpuSeconds, 0), tensors: parts.reduce((sum, { tensors = 0 }) => sum + tensors, 0) };
    },
    async end() {
      const peaks = await Promise.all(runners.map((runner) => runner.end()));
      return { peakMegabytes: peaks.reduce((sum, { peakMegabytes }) => sum + peakMegabytes, 0) };
    },
    kill: () => runners.forEach((runner) => runner.kill()),
  };
}
