import { WorkbenchError } from "../../core/errors";

/** One of several workers on the same list of jobs: `index` from 0, below `count`. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/**
 * @param text `i/n` with i from 0; when it is not given, what Slurm says of an array task (SLURM_ARRAY_TASK_ID, _MIN, _COUNT) or
 * Kubernetes of an indexed job (JOB_COMPLETION_INDEX; JOB_COMPLETIONS is set by our manifest), else the one worker there is
 * @throws WorkbenchError when it is not a shard
 */
export function readShard(text: string | undefined, env: NodeJS.ProcessEnv = process.env): Shard {
  const slurm =
    env.SLURM_ARRAY_TASK_ID === undefined
      ? undefined
      : `${Number(env.SLURM_ARRAY_TASK_ID) - Number(env.SLURM_ARRAY_TASK_MIN ?? 0)}/${env.SLURM_ARRAY_TASK_COUNT ?? ""}`;
  const kubernetes =
    env.JOB_COMPLETION_INDEX === undefined ? undefined : `${env.JOB_COMPLETION_INDEX}/${env.JOB_COMPLETIONS ?? ""}`;
  const source = text ?? slurm ?? kubernetes ?? "0/1";
  const [, index, count] = (source.match(/^(\d+)\/(\d+)$/) ?? []).map(Number);
  if (index === undefined || index >= count)
    throw new WorkbenchError(`"${source}" is no shard`, "write i/n with i from 0 to n - 1, for example --shard 0/4");
  return { index, count };
}
