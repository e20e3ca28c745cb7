import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { useOneOf } from "../core/closest";
import { WorkbenchError } from "../core/errors";
import { projectRoot } from "../core/project-root";

export { projectRoot };

/**
 * What can be deleted at any time: phantoms, checkpoints, models, executed notebooks. IOPFL_WORK names another place, for example the
 * scratch disk of a cluster; engine and environments stay in the project.
 */
export const workFolder = resolve(process.env.IOPFL_WORK ?? join(projectRoot, ".workbench"));

/** Where experiments, profiles and tasks are described; IOPFL_CONFIGS names another folder of the same form. */
export const configFolder = resolve(process.env.IOPFL_CONFIGS ?? join(projectRoot, "configs"));

type ConfigFolder = "experiments" | "profiles" | "tasks";

/** @returns the path of `configs/<folder>/<id>.yaml`. @throws WorkbenchError listing the known ids */
export function configPath(folder: ConfigFolder, id: string): string {
  const known = configIds(folder);
  if (!known.includes(id)) throw new WorkbenchError(`unknown ${folder.slice(0, -1)} "${id}"`, useOneOf(id, known));
  return join(configFolder, folder, `${id}.yaml`);
}

/** @returns the ids that there are; an experiment may be that of another task: see `likeOf` */
export function configIds(folder: ConfigFolder): string[] {
  const files = filesIn(folder);
  return folder === "experiments" ? [...files, ...likes().map(({ id }) => id)].sort() : files;
}

function filesIn(folder: ConfigFolder): string[] {
  const path = join(configFolder, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path)
    .filter((file) => file.endsWith(".yaml"))
    .map((file) => file.slice(0, -".yaml".length))
    .sort();
}

/** An experiment without a file: the same as that of the prostate on another task, `inside-<task>` and `outside-<task>`. */
export interface Like {
  readonly id: string;
  readonly of: string;
  readonly task: string;
}

/** @returns what an experiment without a file is like; undefined for one that has a file, and where there is none */
export const likeOf = (id: string): Like | undefined => likes().find((each) => each.id === id);

function likes(): Like[] {
  const files = filesIn("experiments");
  return ["inside", "outside"].flatMap((kind) => {
    const of = `${kind}-prostate`;
    if (!files.includes(of)) return [];
    const all = filesIn("tasks").map((task) => ({ id: `${kind}-${task}`, of, task }));
    return all.filter(({ id }) => !files.includes(id));
  });
}

/** Where records lie: `results/<profile>/<experiment>/<name>.json`, provenance in a folder beside them. */
export const resultsFolder = (): string => resolve(process.env.IOPFL_RESULTS ?? join(projectRoot, "results"));

export function recordPath(profile: string, experiment: string, name: string): string {
  return join(resultsFolder(), profile, experiment, `${name}.json`);
}

export function provenancePath(profile: string, experiment: string, name: string): string {
  return join(resultsFolder(), profile, experiment, "provenance", `${name}.json`);
}
