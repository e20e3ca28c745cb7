import { join } from "node:path";
import { projectRoot } from "../records/paths";
import { startChild } from "./child-side";
import type { Runner } from "./side";
import type { OwnTask } from "./task";
import { loadTypescriptOf } from "../core/load-typescript";

/** Starts our side of a task in a process of its own. @param folder a checkout, which is set up; this one by default */
export function startOwn(task: OwnTask, signal: AbortSignal, folder = projectRoot): Promise<Runner> {
  const worker = join(folder, "lib", "bench", "worker.ts");
  const args = [...loadTypescriptOf(folder), worker, JSON.stringify(task)];
  return startChild({ program: process.execPath, args, folder }, signal);
}
