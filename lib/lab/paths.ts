import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { WorkbenchError } from "../core/errors";

/** The folder that holds package.json: everything the workbench reads and writes lies below it. */
export const projectRoot = resolve(__dirname, "..", "..");

/** What can be deleted at any time: engine, environments, phantoms, checkpoints, models. */
export const workFolder = join(projectRoot, ".workbench");

/** @returns the path of `configs/<folder>/<id>.yaml`. @throws WorkbenchError listing the known ids */
export function configPath(folder: "experiments" | "profiles" | "tasks", id: string): string {
  const known = configIds(folder);
  if (!known.includes(id)) throw new WorkbenchError(`unknown ${folder.slice(0, -1)} "${id}"`, `use one of ${known.join(", ")}`);
  return join(projectRoot, "configs", folder, `${id}.yaml`);
}

export function configIds(folder: "experiments" | "profiles" | "tasks"): string[] {
  const path = join(projectRoot, "configs", folder);
  if (!existsSync(path)) return [];
  return readdirSync(path).filter((file) => file.endsWith(".yaml")).map((file) => file.slice(0, -".yaml".length)).sort();
}
