import { existsSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { WorkbenchError } from "../../core/errors";
import { draftTask } from "../../data/draft/draft";
import { draftYaml } from "../../data/draft/to-yaml";
import { openSource } from "../../data/set/source";
import { taskSchema } from "../../data/task/task";
import { writeAtomic } from "../../io/atomic";
import { parseConfig } from "../../io/config";
import { plainName } from "../../io/plain-name";
import { configFolder, projectRoot } from "../../records/paths";
import { print } from "./data-findings";

interface NewOptions {
  readonly from: string;
  readonly pseudonyms: boolean;
}

/** `iopfl data new <id> --from <folder>`: looks at a folder and writes the first draft of its task. */
export function newTask(id: string, { from, pseudonyms }: NewOptions): void {
  const checked = plainName.safeParse(id);
  if (!checked.success)
    throw new WorkbenchError(
      `"${id}" is no name for a task: ${checked.error.issues[0].message}`,
      "name it hearts, for example",
    );
  const path = join(configFolder, "tasks", `${id}.yaml`);
  if (existsSync(path))
    throw new WorkbenchError(`there is a task ${id}: ${shownPath(path)}`, "choose another name, or remove the file");
  const folder = resolve(from);
  if (/\.zip$/i.test(from))
    throw new WorkbenchError(`${from} is an archive`, "unpack it: the images of a task stay where they are");
  const draft = draftTask(openSource(folder));
  const inside = relative(projectRoot, folder);
  const text = draftYaml(draft, { id, pseudonyms, folder: inside.startsWith("..") || inside === "" ? folder : inside });
  parseConfig(text, taskSchema, shownPath(path)); // a draft that could not be read back would be a defect
  writeAtomic(path, text);
  print(
    `${draft.modality}s, ${draft.layout.kind}: ${draft.sites.map((site) => `${site} ${draft.cases[site]}`).join(", ")}`,
  );
  print(`classes: ${draft.classes.map(({ name, values }) => `${name} (${[values].flat().join(", ")})`).join(", ")}`);
  for (const note of draft.notes) print(`LOOK AT ${note}`);
  print(`${shownPath(path)} is a first draft: read it, then npx iopfl data check ${id}`);
}

const shownPath = (path: string) => relative(process.cwd(), path) || path;
