import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Interrupted, WorkbenchError } from "../../core/errors";
import { makeWritable, writeAtomic } from "../../io/atomic";
import type { Profile } from "../../records/config";
import { configFolder, projectRoot, workFolder } from "../../records/paths";
import { verifyFolderPrefix } from "../locks/leftovers";

/** A place where nothing that was computed before is found, and that is gone afterwards. */
export interface Apart {
  /** Below which records come to lie, as below `results`. */
  readonly results: string;
  /**
   * Runs `iopfl` there. @returns whether it was stopped by the signal
   * @throws WorkbenchError when it fails, Interrupted when it was stopped by its user
   */
  iopfl(args: readonly string[], signal?: AbortSignal): Promise<{ readonly stopped: boolean }>;
}

/** @param profile in place of the configured one of the same id */
export async function runApart<Value>(use: (apart: Apart) => Promise<Value>, profile?: Profile): Promise<Value> {
  makeWritable(workFolder);
  const folder = mkdtempSync(verifyFolderPrefix());
  const [results, configs] = [join(folder, "results"), join(folder, "configs")];
  cpSync(configFolder, configs, { recursive: true });
  if (profile) writeAtomic(join(configs, "profiles", `${profile.id}.yaml`), JSON.stringify(profile));
  const env = {
    ...process.env,
    IOPFL_WORK: join(folder, "work"),
    IOPFL_RESULTS: results,
    IOPFL_CONFIGS: configs,
    IOPFL_RELEASES: join(folder, "released"),
  };
  try {
    return await use({ results, iopfl: (args, signal) => iopfl(env, args, signal) });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function iopfl(env: NodeJS.ProcessEnv, args: readonly string[], signal?: AbortSignal) {
  const code = await new Promise<number | null>((resolve) => {
    const child = spawn(process.execPath, [join(projectRoot, "lib", "cli", "iopfl.cjs"), ...args], {
      env,
      stdio: ["ignore", "ignore", "inherit"],
    });
    const stop = () => void child.kill("SIGINT");
    signal?.addEventListener("abort", stop);
    child.once("exit", (status) => {
      signal?.removeEventListener("abort", stop);
      resolve(status);
    });
  });
  if (code !== 0 && signal?.aborted) return { stopped: true };
  if (code === 130) throw new Interrupted(args[0]);
  if (code !== 0) throw new WorkbenchError(`iopfl ${args.join(" ")} failed`, "see above");
  return { stopped: false };
}
