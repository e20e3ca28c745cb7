import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { arch, cpus, platform, totalmem } from "node:os";
import { performance } from "node:perf_hooks";
import type { Engine } from "../../engine";
import type { Spent } from "../../federation/store/checkpoint";
import type { JobClock } from "./job-parts";
import { projectRoot } from "../../records/paths";
import type { Provenance } from "../../records/schema";

/** Starts the clock of a job in this process. Its peak memory is the process's while the job ran, without that of helpers. */
export function startClock(): JobClock {
  forgetPeak();
  const wall = performance.now();
  const cpu = process.cpuUsage();
  let helped = 0;
  let before: Spent = { wallSeconds: 0, cpuSeconds: 0, peakMemoryMegabytes: 0 };
  return {
    resume: (earlier) => void (before = earlier),
    add: (cpuSeconds) => void (helped += cpuSeconds),
    spent() {
      const { user, system } = process.cpuUsage(cpu);
      return {
        wallSeconds: round(before.wallSeconds + (performance.now() - wall) / 1000),
        cpuSeconds: round(before.cpuSeconds + helped + (user + system) / 1e6),
        peakMemoryMegabytes: Math.max(before.peakMemoryMegabytes, Math.round(process.resourceUsage().maxRSS / 1024)),
      };
    },
  };
}

/** Linux only (proc(5), clear_refs): elsewhere the peak is that of the process so far, earlier jobs included. */
function forgetPeak(): void {
  try {
    if (platform() === "linux") writeFileSync("/proc/self/clear_refs", "5");
  } catch {
    // A container may forbid it.
  }
}

/**
 * Describes how a job ran. Names no person, host or absolute path.
 * @param clock was started with the job
 * @param commit `codeVersion()` of when the code was loaded
 */
export function describeRun(id: string, engine: Engine, clock: JobClock, commit: string): Provenance {
  return {
    id,
    finished: new Date().toISOString(),
    ...clock.spent(),
    engine: { name: engine.name, version: engine.version, threads: engine.threads, device: engine.device },
    node: process.version,
    platform: `${platform()}-${arch()}`,
    processor: cpus()[0]?.model.trim() ?? "unknown",
    cores: cpus().length,
    memoryGigabytes: Math.round(totalmem() / 2 ** 30),
    commit,
  };
}

/** @returns the short commit, with `+changes` when the working tree differs from it, or `unknown` outside a git clone. */
export function codeVersion(): string {
  const git = (...args: string[]) =>
    execFileSync("git", args, { cwd: projectRoot, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  try {
    const changed = git("status", "--porcelain", "--", "lib", "configs", "package-lock.json");
    return git("rev-parse", "--short=12", "HEAD") + (changed ? "+changes" : "");
  } catch {
    return "unknown";
  }
}

const round = (seconds: number) => Math.round(seconds * 1000) / 1000;
