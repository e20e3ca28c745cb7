import { existsSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { WorkbenchError } from "../../core/errors";
import { checkTask } from "../../data/check/check-task";
import type { OwnTask } from "../../data/check/checked";
import { megabytesOf, siteColumns, siteLines } from "../../data/check/site-lines";
import { openSource } from "../../data/set/source";
import { writeAtomic } from "../../io/atomic";
import { readProfile, readTask, type Task } from "../../records/config";
import { dataMemory } from "../../records/data-memory";
import { realFolder } from "../../records/own-data";
import { workFolder } from "../../records/paths";
import { checkPage } from "./data-check-page";
import { print, refuseFaults } from "./data-findings";
import { progress } from "./data-processes";

interface CheckOptions {
  /** The profile at whose size cases are prepared (default: a small one, to be shown). */
  readonly profile?: string;
  /** Where the page is written. */
  readonly out?: string;
  /** Whether to tell which files the cases are. */
  readonly names: boolean;
}

/** Pixels along each side of a small picture. */
const thumbnail = 96;

/** `iopfl data check <task>`: reads every case of a task of one's own, and says all that is wrong or odd at once. */
export function check(id: string, { profile, out, names }: CheckOptions): void {
  const task = ownTask(readTask(id));
  const side = profile === undefined ? thumbnail : readProfile(profile).data.side;
  const folder = realFolder(task, readProfile("quick").data);
  if (!existsSync(folder))
    throw new WorkbenchError(
      `the images of ${id} are not in ${task.own.folder ?? `dataset/${id}`}`,
      `write their folder into configs/tasks/${id}.yaml (folder)`,
    );
  const result = checkTask(task, openSource(folder), side, progress("check", Date.now()));
  for (const line of siteLines(task, result.cases))
    print(siteColumns.map((column) => (column === "site" ? `${line.site}:` : `${column} ${line[column]}`)).join("  "));
  if (names)
    for (const { site, id: name, files } of result.cases) print(`${site}/${name} = ${files.image}, ${files.mask}`);
  for (const note of result.notes) print(`NOTE ${note}`);
  for (const fault of result.faults) print(`FAULT ${fault}`);
  const page = out ? resolve(out) : join(workFolder, "data", `${id}-check.html`);
  writeAtomic(page, checkPage(task, result));
  print(
    `${relative(process.cwd(), page) || page} shows some images of every site; it holds images, keep it where they may lie`,
  );
  const need = Math.ceil(megabytesOf(task, result.cases, side));
  const room = dataMemory() / 2 ** 20;
  print(
    need <= room
      ? `at ${side} x ${side} pixels every process of a run holds ${need} MB of them`
      : `at ${side} x ${side} pixels they take ${need} MB, more than the ${Math.round(room)} MB that a process holds: they are read from the disk`,
  );
  refuseFaults(result.faults.length, `task ${id}`, "mend them one by one, or all at once, and check again");
  print(
    `${id}: ${result.cases.length} cases of ${task.sites.length} sites can be used; npx iopfl run inside --task ${id}`,
  );
}

function ownTask(task: Task): OwnTask {
  const { own, labels } = task;
  if (own && labels) return { ...task, own, labels };
  throw new WorkbenchError(
    `${task.id} is a task on the published ${task.set} set`,
    `npx iopfl data verify <folder> checks that; this command checks tasks of your own`,
  );
}
