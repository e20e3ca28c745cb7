import { join } from "node:path";
import { startChild } from "./child-side";
import type { Runner } from "./side";
import type { OwnTask } from "./task";

/** Starts our side of a task in a process of its own. */
export function startOwn(task: OwnTask, signal: AbortSignal): Promise<Runner> {
  const args = ["-r", "ts-node/register/transpile-only", join(__dirname, "worker.ts"), JSON.stringify(task)];
  return startChild({ program: process.execPath, args }, signal);
}
