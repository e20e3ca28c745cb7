import { WorkbenchError } from "../../core/errors";
import type { EngineChoice } from "../../engine";
import { configIds } from "../../records/paths";
import { readShard } from "../../lab/plan/shard";
import { workOnShard } from "../../lab/cluster/work-on-shard";
import { interruptible } from "../interrupt";
import { keyValues } from "../key-values";
import { progressLine } from "../progress-line";
import { planFor } from "./run";

export interface WorkOptions {
  readonly profile: string;
  readonly engine: EngineChoice;
  readonly workers?: number;
  readonly shard?: string;
  readonly only?: readonly string[];
  readonly snapshots?: string;
}

/** `iopfl work`: one worker on the job list of some experiments, or of all; what each task of a cluster runs. */
export async function work(
  experiments: readonly string[],
  { profile, engine, workers = 1, shard: text, only, snapshots }: WorkOptions,
): Promise<void> {
  const shard = readShard(text);
  const line = progressLine();
  const failures: string[] = [];
  await interruptible(async (signal) => {
    for (const id of experiments.length > 0 ? experiments : configIds("experiments")) {
      try {
        const given = {
          profile,
          engine,
          workers,
          only: keyValues(only),
          signal,
          onProgress: line.update,
          log: line.log,
        };
        const { computed, done, jobs } = await workOnShard(await planFor(id, snapshots, given), shard, given);
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
