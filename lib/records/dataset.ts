import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";
import { WorkbenchError } from "../core/errors";
import { hashOf, sha256 } from "../core/hash";
import { phantoms } from "../data/phantom/phantoms";
import { imageSets } from "../data/sets/image-sets";
import { loadSite } from "../data/set/load";
import { hashSites } from "../data/set/site-data";
import type { CaseCache } from "../data/set/prepared";
import type { SiteData } from "../data/set/types";
import { writeAtomic } from "../io/atomic";
import { sourcesHash } from "./sources";
import type { Profile, Task } from "./config";
import { projectRoot, workFolder } from "./paths";

type DataConfig = Profile["data"];

const summarySchema = z.strictObject({
  dataHash: z.string(),
  slices: z.record(z.string(), z.int()),
  /** Of real files: what they looked like from outside when they were read. */
  seen: z.string().optional(),
});

/** What planning needs to know of a task's data. */
export type DataSummary = Pick<z.infer<typeof summarySchema>, "dataHash" | "slices">;

/**
 * Writes the phantom if it is missing, and reads the data once to know their hash and size. A phantom's folder is named after all that
 * it depends on, so a finished one is never read again to be planned with; real files are, when one of them was changed.
 * @returns the folder of the data, a hash of every prepared voxel and of the split, and the numbers of training slices
 */
export function prepareTask(
  task: Task,
  data: DataConfig,
  log: (line: string) => void = () => undefined,
): DataSummary & { folder: string } {
  const place = placeOf(task, data);
  const { folder } = place;
  if (data.source !== "phantom" && !existsSync(folder)) {
    throw new WorkbenchError(
      `there are no data in ${data.source}/${task.set}`,
      `see dataset/README.md for how to obtain them and run \`npx iopfl data import ${task.set} <folder-or-zip>\`, or use the profile quick or phantom`,
    );
  }
  const known = readSummary(place);
  if (known) return { folder, ...known };
  if (data.source === "phantom") {
    log(`writing the ${task.id} phantom (${data.side}x${data.side})`);
    phantoms[task.set](folder, data);
  }
  const seen = place.look();
  const summary = summarise(loadSites(task, data, folder));
  writeAtomic(place.summary, JSON.stringify({ ...summary, seen }));
  return { folder, ...summary };
}

/** @returns what `prepareTask` would, when that is known without reading the data, and `undefined` otherwise; writes nothing */
export function knownData(task: Task, data: DataConfig): (DataSummary & { folder: string }) | undefined {
  const place = placeOf(task, data);
  const known = readSummary(place);
  return known && { folder: place.folder, ...known };
}

interface Place {
  readonly folder: string;
  readonly summary: string;
  /** @returns what real files look like from outside, in a hash */
  look(): string | undefined;
}

function placeOf(task: Task, data: DataConfig): Place {
  if (data.source === "phantom") {
    const folder = phantomFolder(task, data);
    return { folder, summary: join(folder, "summary.json"), look: () => undefined };
  }
  const folder = resolve(projectRoot, data.source, task.set);
  const id = hashOf({ task, data, folder, code: dataCode() }).slice(0, 12);
  return { folder, summary: join(workFolder, "data", `${task.id}-real-${id}.json`), look: () => lookOf(folder) };
}

function readSummary({ summary, look }: Place): DataSummary | undefined {
  if (!existsSync(summary)) return undefined;
  const { seen, ...known } = parseSummary(readFileSync(summary, "utf8")) ?? {};
  if (known.dataHash !== undefined && known.slices !== undefined)
    return seen === look() ? { dataHash: known.dataHash, slices: known.slices } : undefined;
  process.stderr.write(`${summary} was damaged on the disk; it is made again\n`);
  return undefined;
}

function parseSummary(text: string): Partial<z.infer<typeof summarySchema>> | undefined {
  try {
    return summarySchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Sizes and times of all files, as Git compares them: the time of the last change (ctime) cannot be set back. */
function lookOf(folder: string): string {
  const files = existsSync(folder) ? (readdirSync(folder, { recursive: true }) as string[]).sort() : [];
  const lines = files.map((file) => {
    const { size, mtimeMs, ctimeMs, ino } = statSync(join(folder, file));
    return [file, size, mtimeMs, ctimeMs, ino].join(" ");
  });
  return sha256(lines.join("\n"));
}

/** @returns where the phantom of a profile lies: below .workbench, named by a hash of its configuration and of the code that makes it */
export function phantomFolder(task: Task, data: DataConfig): string {
  return join(workFolder, "data", `${task.id}-phantom-${hashOf({ task, data, code: dataCode() }).slice(0, 12)}`);
}

const dataCode = () => sourcesHash(["lib/core", "lib/io", "lib/data", "configs/data"]);

/** Reads and prepares every site of a task. */
export function loadSites({ set, sites }: Task, data: DataConfig, folder: string): Map<string, SiteData> {
  const { source, side, reading, seed, split } = data;
  const cache = source === "phantom" ? undefined : caseCache();
  const load = () =>
    new Map(sites.map((site) => [site, loadSite(imageSets[set], folder, site, { side, reading, seed, split, cache })]));
  if (source !== "phantom") return load();
  // An unknown site is no damage.
  for (const site of sites) imageSets[set].siteName(site);
  try {
    return load();
  } catch (error) {
    if (!(error instanceof WorkbenchError)) throw error;
    process.stderr.write(`the phantom was damaged (${error.problem}); it is made again\n`);
    phantoms[set](folder, data);
    return load();
  }
}

/** Where prepared cases of real data are kept, for as long as the code that prepares them stays as it is. */
export function caseCache(): CaseCache {
  return { folder: join(workFolder, "data", "prepared"), code: dataCode() };
}

/** @returns the version of prepared data, as jobs name it */
export function hashData(sites: ReadonlyMap<string, SiteData>): string {
  return hashSites([...sites.values()]).slice(0, 16);
}

function summarise(sites: ReadonlyMap<string, SiteData>): DataSummary {
  return {
    dataHash: hashData(sites),
    slices: Object.fromEntries(Array.from(sites, ([site, { parts }]) => [site, parts.train.count])),
  };
}
