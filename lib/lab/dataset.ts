import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";
import { WorkbenchError } from "../core/errors";
import { hashOf } from "../core/hash";
import { imageSets } from "../data/image-sets";
import { hashSites } from "../data/load";
import type { CaseCache } from "../data/prepared";
import type { SiteData } from "../data/types";
import { writeAtomic } from "../io/atomic";
import { sourcesHash } from "./code-hash";
import type { Profile, Task } from "./config";
import { projectRoot, workFolder } from "./paths";

type DataConfig = Profile["data"];

const summarySchema = z.strictObject({ dataHash: z.string(), slices: z.record(z.string(), z.int()) });

/** What planning needs to know of a task's data. */
export type DataSummary = z.infer<typeof summarySchema>;

/**
 * Writes the phantom if it is missing, and reads the data once to know their hash and size. A phantom's folder is named after all that
 * it depends on, so a finished one is never read again to be planned with; real files may change and are read every time.
 * @returns the folder of the data, a hash of every prepared voxel and of the split, and the numbers of training slices
 */
export function prepareTask(task: Task, data: DataConfig, log: (line: string) => void = () => undefined): DataSummary & { folder: string } {
  if (data.source !== "phantom") {
    const folder = resolve(projectRoot, data.source, task.set);
    if (!existsSync(folder)) throw new WorkbenchError(`there are no data in ${data.source}/${task.set}`, `see dataset/README.md for how to obtain them and run \`npx iopfl data import ${task.set} <folder-or-zip>\`, or use the profile quick or phantom`);
    return { folder, ...summarise(loadSites(task, data, folder)) };
  }
  const folder = phantomFolder(task, data);
  const summaryFile = join(folder, "summary.json");
  if (existsSync(summaryFile)) return { folder, ...summarySchema.parse(JSON.parse(readFileSync(summaryFile, "utf8"))) };
  log(`writing the ${task.id} phantom (${data.side}x${data.side})`);
  imageSets[task.set].writePhantom(folder, data);
  const summary = summarise(loadSites(task, data, folder));
  writeAtomic(summaryFile, JSON.stringify(summary));
  return { folder, ...summary };
}

/** @returns where the phantom of a profile lies: below .workbench, named by a hash of its configuration and of the code that makes it */
export function phantomFolder(task: Task, data: DataConfig): string {
  return join(workFolder, "data", `${task.id}-phantom-${hashOf({ task, data, code: dataCode() }).slice(0, 12)}`);
}

const dataCode = () => sourcesHash(["lib/core", "lib/io", "lib/data", "configs/data"]);

/** Reads and prepares every site of a task. */
export function loadSites({ set, sites }: Task, { source, side, reading, seed, split }: DataConfig, folder: string): Map<string, SiteData> {
  const cache = source === "phantom" ? undefined : caseCache();
  return new Map(sites.map((site) => [site, imageSets[set].load(folder, site, { side, reading, seed, split, cache })]));
}

/** Where prepared cases of real data are kept, for as long as the code that prepares them stays as it is. */
export function caseCache(): CaseCache {
  return { folder: join(workFolder, "data", "prepared"), code: dataCode() };
}

function summarise(sites: ReadonlyMap<string, SiteData>): DataSummary {
  return { dataHash: hashSites([...sites.values()]).slice(0, 16), slices: Object.fromEntries(Array.from(sites, ([site, { parts }]) => [site, parts.train.count])) };
}
