import { readFileSync } from "node:fs";
import { availableParallelism, totalmem } from "node:os";
import { dirname, join } from "node:path";

/** What this process may use, which in a container or under Slurm is less than what the machine has. */
export interface MachineLimits {
  readonly cores: number;
  readonly memoryMegabytes: number;
  /** Of address space (`ulimit -v`), where there is one. */
  readonly addressMegabytes?: number;
}

/** @param root of the file system, for tests */
export function machineLimits(env: NodeJS.ProcessEnv = process.env, root = "/"): MachineLimits {
  const read = (path: string) => textOf(join(root, path));
  const groups = groupsOf(read("proc/self/cgroup"));
  const inGroups = (controller: string, file: string): string[] =>
    groups
      .filter(({ controllers }) => controllers.includes(controller) || controllers[0] === "")
      .flatMap(({ controllers, path }) =>
        parentsOf(path).map((each) =>
          join("sys/fs/cgroup", controllers[0] === "" ? "" : controllers.join(), each, file),
        ),
      )
      .flatMap((path) => read(path) ?? []);
  const quotas = [
    ...inGroups("cpu", "cpu.max").map((text) => text.split(/\s+/).map(Number)),
    ...inGroups("cpu", "cpu.cfs_quota_us").map((text) => [
      Number(text),
      Number(inGroups("cpu", "cpu.cfs_period_us")[0]),
    ]),
  ].flatMap(([quota, period]) => (quota > 0 && period > 0 ? Math.max(1, Math.floor(quota / period)) : []));
  const memory = [...inGroups("memory", "memory.max"), ...inGroups("memory", "memory.limit_in_bytes")].flatMap(
    (text) => (Number(text) > 0 ? Number(text) / 2 ** 20 : []),
  );
  const slurmCores = positive(env.SLURM_CPUS_PER_TASK) ?? positive(env.SLURM_CPUS_ON_NODE);
  const perCore = positive(env.SLURM_MEM_PER_CPU);
  const slurmMemory = positive(env.SLURM_MEM_PER_NODE) ?? (perCore && perCore * (slurmCores ?? 1));
  const cores = Math.min(availableParallelism(), ...quotas, slurmCores ?? Infinity);
  const address = /^Max address space\s+(\d+)/m.exec(read("proc/self/limits") ?? "")?.[1];
  return {
    cores,
    memoryMegabytes: Math.floor(Math.min(totalmem() / 2 ** 20, ...memory, slurmMemory ?? Infinity)),
    ...(address === undefined ? {} : { addressMegabytes: Math.floor(Number(address) / 2 ** 20) }),
  };
}

/** Lines of /proc/self/cgroup: `0::/path` (version 2), `4:memory:/path` (version 1). */
function groupsOf(text = ""): { controllers: string[]; path: string }[] {
  return [...text.matchAll(/^\d+:([^:]*):(.*)$/gm)].map(([, controllers, path]) => ({
    controllers: controllers.split(","),
    path,
  }));
}

/** A limit of a group above holds too; within a container its own group may be mounted as the root. */
function parentsOf(path: string): string[] {
  const above = dirname(path);
  return above === path ? [path] : [path, ...parentsOf(above)];
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return undefined;
  }
}

const positive = (text: string | undefined): number | undefined => (Number(text) > 0 ? Number(text) : undefined);
