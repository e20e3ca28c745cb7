import { readFileSync } from "node:fs";
import { availableParallelism, totalmem } from "node:os";
import { dirname, join } from "node:path";

/** What this process may use, which in a container or under Slurm is less than what the machine has. */
export interface MachineLimits {
  readonly cores: number;
  readonly memoryMegabytes: number;
  /** What others leave of it now, where that can be told: less where a browser or another run holds some. */
  readonly freeMegabytes?: number;
  /** Of address space (`ulimit -v`), where there is one. */
  readonly addressMegabytes?: number;
}

/** @param root of the file system, for tests */
export function machineLimits(env: NodeJS.ProcessEnv = process.env, root = "/"): MachineLimits {
  const read = (path: string) => textOf(join(root, path));
  const groups = readGroups(read);
  const quotas = groups.flatMap(({ controllers, text }) => {
    if (!controllers.includes("cpu")) return [];
    const [quota, period] = text("cpu.max")?.split(/\s+/) ?? [text("cpu.cfs_quota_us"), text("cpu.cfs_period_us")];
    return Number(quota) > 0 && Number(period) > 0 ? Math.max(1, Math.floor(Number(quota) / Number(period))) : [];
  });
  const memory = groups.flatMap(({ controllers, text }) => {
    if (!controllers.includes("memory")) return [];
    const limit = megabytes(text("memory.max") ?? text("memory.limit_in_bytes"));
    if (limit === undefined) return [];
    const used = megabytes(text("memory.current") ?? text("memory.usage_in_bytes"));
    // Pages of files that were read are given back when memory is short.
    const cache = megabytes(/^(?:total_)?inactive_file (\d+)$/m.exec(text("memory.stat") ?? "")?.[1]) ?? 0;
    return { limit, free: used === undefined ? undefined : Math.max(0, limit - used + cache) };
  });
  const slurm = slurmLimits(env);
  const address = megabytes(/^Max address space\s+(\d+)/m.exec(read("proc/self/limits") ?? "")?.[1]);
  const available = /^MemAvailable:\s+(\d+) kB/m.exec(read("proc/meminfo") ?? "")?.[1];
  const free = [available && Number(available) / 1024, ...memory.map((each) => each.free)].filter(isNumber);
  return {
    cores: Math.min(availableParallelism(), ...quotas, slurm.cores ?? Infinity),
    memoryMegabytes: Math.floor(
      Math.min(totalmem() / 2 ** 20, ...memory.map(({ limit }) => limit), slurm.memoryMegabytes ?? Infinity),
    ),
    ...(free.length > 0 && { freeMegabytes: Math.floor(Math.min(...free)) }),
    ...(address !== undefined && { addressMegabytes: Math.floor(address) }),
  };
}

/** A control group of this process, or one above it: a limit of either holds. */
interface Group {
  readonly controllers: readonly string[];
  /** @returns one of its files */
  readonly text: (file: string) => string | undefined;
}

/** Lines of /proc/self/cgroup: `0::/path` (version 2, all controllers in one tree), `4:memory:/path` (version 1). */
function readGroups(read: (path: string) => string | undefined): Group[] {
  const lines = [...(read("proc/self/cgroup") ?? "").matchAll(/^\d+:([^:]*):(.*)$/gm)];
  return lines.flatMap(([, names, path]) => {
    const controllers = names === "" ? ["cpu", "memory"] : names.split(",");
    return parentsOf(path).map((each) => ({
      controllers,
      text: (file: string) => read(join("sys/fs/cgroup", names, each, file)),
    }));
  });
}

/** Within a container its own group may be mounted as the root. */
function parentsOf(path: string): string[] {
  const above = dirname(path);
  return above === path ? [path] : [path, ...parentsOf(above)];
}

/** What a job of Slurm was given on this node (https://slurm.schedmd.com/sbatch.html, output environment variables). */
function slurmLimits(env: NodeJS.ProcessEnv): Partial<MachineLimits> {
  const cores = positive(env.SLURM_CPUS_PER_TASK) ?? positive(env.SLURM_CPUS_ON_NODE);
  const perCore = positive(env.SLURM_MEM_PER_CPU);
  return { cores, memoryMegabytes: positive(env.SLURM_MEM_PER_NODE) ?? (perCore && perCore * (cores ?? 1)) };
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return undefined;
  }
}

const isNumber = (value: unknown): value is number => typeof value === "number";
const positive = (text: string | undefined): number | undefined => (Number(text) > 0 ? Number(text) : undefined);
/** @param text a count of bytes; `max` is none */
const megabytes = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d+$/.test(text) ? Number(text) / 2 ** 20 : undefined;
