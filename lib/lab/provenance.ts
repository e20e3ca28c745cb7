import { execFileSync } from "node:child_process";
import { arch, cpus, platform, totalmem } from "node:os";
import type { Engine } from "../engine";
import { projectRoot } from "./paths";
import type { Provenance } from "./records";

/** Starts the clock of a job; the function returned describes how the job ran. Names no person, host or absolute path. */
export function startProvenance(id: string, engine: Engine): () => Provenance {
  const wall = process.hrtime.bigint();
  const cpu = process.cpuUsage();
  return () => {
    const used = process.cpuUsage(cpu);
    return {
      id,
      finished: new Date().toISOString(),
      wallSeconds: round(Number(process.hrtime.bigint() - wall) / 1e9),
      cpuSeconds: round((used.user + used.system) / 1e6),
      peakMemoryMegabytes: Math.round(process.resourceUsage().maxRSS / 1024),
      engine: { name: engine.name, version: engine.version, threads: engine.threads, device: engine.device },
      node: process.version,
      platform: `${platform()}-${arch()}`,
      processor: cpus()[0]?.model.trim() ?? "unknown",
      cores: cpus().length,
      memoryGigabytes: Math.round(totalmem() / 2 ** 30),
      commit: codeVersion(),
    };
  };
}

/** @returns the short commit, with `+changes` when the working tree differs from it, or `unknown` outside a git clone. */
export function codeVersion(): string {
  const git = (...args: string[]) => execFileSync("git", args, { cwd: projectRoot, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  try {
    const changed = git("status", "--porcelain", "--untracked-files=no", "--", "lib", "configs", "package-lock.json");
    return git("rev-parse", "--short=12", "HEAD") + (changed ? "+changes" : "");
  } catch {
    return "unknown";
  }
}

const round = (seconds: number) => Math.round(seconds * 1000) / 1000;
