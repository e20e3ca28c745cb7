import { WorkbenchError } from "../../core/errors";
import { configIds } from "../../records/paths";
import { readShard } from "../../lab/plan/shard";
import { workOnShard } from "../../lab/cluster/work-on-shard";
import { interruptible } from "../interrupt";
import { progressLine } from "../progress-line";
import { planFor, planOptions, type PlanChoice } from "./run";

export interface WorkOptions extends PlanChoice {
  readonly shard?: string;
  readonly quiet?: boolean;
}

/** `iopfl work`: one worker on the job list of some experiments, or of all; what each task of a cluster runs. */
export async function work(
  experiments: readonly string[],
  { shard: text, quiet, ...options }: WorkOptions,
): Promise<void> {
  const shard = readShard(text);
  const line = progressLine(quiet);
  const failures: string[] = [];
  await interruptible(async (signal) => {
    for (const id of experiments.length > 0 ? experiments : configIds("experiments")) {
      try {
        const given = {
          ...planOptions({ ...options, workers: options.workers ?? 1 }),
          signal,
          onProgress: line.update,
          log: line.log,
        };
        const plan = await planFor(id, options.snapshots, given);
        const { computed, done, jobs } = await workOnShard(plan, shard, given);
        line.end();
        process.stdout.write(
          `${id}: ${computed} jobs computed by worker ${shard.index} of ${shard.count}; ${done} of ${jobs} are done\n`,
        );
      } catch (error) {
        line.end();
        // A failing experiment does not keep the worker from the others.
        if (signal.aborted || !(error instanceof WorkbenchError)) throw error;
        failures.push(error.message);
      }
    }
  });
  if (failures.length > 0) throw new WorkbenchError(failures.join("; "), "");
}
