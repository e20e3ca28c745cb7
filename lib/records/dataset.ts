import { existsSync, lstatSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { WorkbenchError } from "../core/errors";
import { hashOf, sha256, type Json } from "../core/hash";
import { phantoms } from "../data/phantom/phantoms";
import { loadSites as loadTogether } from "../data/set/load";
import { hashSites } from "../data/set/site-data";
import type { CaseCache } from "../data/set/prepared";
import type { SiteData } from "../data/set/types";
import { imageSetOf } from "../data/task/image-set";
import { writeAtomic } from "../io/atomic";
import { readText } from "../io/byte-source";
import { sourcesHash } from "./sources";
import type { Profile, Task } from "./config";
import { dataMemory } from "./data-memory";
import { dataOn, realFolder } from "./own-data";
import { workFolder } from "./paths";

type DataConfig = Profile["data"];

const summarySchema = z.strictObject({
  dataHash: z.string(),
  slices: z.record(z.string(), z.int()),
  /** Of real files: what they looked like from outside when they were read. */
  seen: z.string().optional(),
  /** Of all that stands above it. */
  checksum: z.string(),
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
  if (place.isReal && !existsSync(folder)) throw noData(task, data);
  const known = readSummary(place);
  if (known) return { folder, ...known };
  if (existsSync(place.summary)) {
    log(`what was known of the ${task.id} data is damaged or out of date; they are read again`);
    rmSync(place.summary, { recursive: true, force: true });
  }
  if (!place.isReal) {
    log(`writing the ${task.id} phantom (${data.side}x${data.side})`);
    writePhantom(task, folder, data, sayNowAndThen(log));
  }
  const seen = place.look();
  const summary = summarise(loadSites(task, data, folder));
  writeAtomic(place.summary, JSON.stringify({ ...summary, seen, checksum: checksumOf(summary, seen) }));
  return { folder, ...summary };
}

function noData({ id, set, own }: Task, { source }: DataConfig): WorkbenchError {
  if (set === "own")
    return new WorkbenchError(
      `the images of ${id} are not in ${own?.folder ?? `dataset/${id}`}`,
      `write their folder into configs/tasks/${id}.yaml (folder), see docs/own-data.md`,
    );
  return new WorkbenchError(
    `there are no data in ${source}/${set}`,
    `see dataset/README.md for how to obtain them and run \`npx iopfl data import ${set} <folder-or-zip>\`, or use the profile quick or phantom`,
  );
}

/**
 * Writes the phantom of a task. It can be stopped and run again.
 * @throws WorkbenchError for a task of one's own, which has none
 */
export function writePhantom({ id, set }: Task, ...given: Parameters<(typeof phantoms)["prostate"]>): void {
  if (set === "own")
    throw new WorkbenchError(`task ${id} has no phantom`, "run it on its images, or choose prostate or fundus");
  phantoms[set](...given);
}

/** Milliseconds between two lines of something slow. */
const lineInterval = 3000;

function sayNowAndThen(log: (line: string) => void): (done: number, total: number) => void {
  let said = Date.now();
  return (done, total) => {
    if (Date.now() - said < lineInterval) return;
    said = Date.now();
    log(`${done} of ${total} cases are written`);
  };
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
  readonly isReal: boolean;
  /** @returns what real files look like from outside, in a hash */
  look(): string | undefined;
}

function placeOf(task: Task, given: DataConfig): Place {
  const data = dataOn(task, given);
  if (data.source === "phantom") {
    const folder = phantomFolder(task, data);
    return { folder, summary: join(folder, "summary.json"), isReal: false, look: () => undefined };
  }
  const folder = realFolder(task, data);
  const id = hashOf({ task, data, folder, code: dataCode() } as unknown as Json).slice(0, 12);
  const summary = join(workFolder, "data", `${task.id}-real-${id}.json`);
  return { folder, summary, isReal: true, look: () => lookOf(folder) };
}

/** @returns nothing where there is no summary, where it is damaged, or where the data have changed since */
function readSummary({ summary, look }: Place): DataSummary | undefined {
  if (!existsSync(summary)) return undefined;
  const content = summarySchema.safeParse(parseJson(summary)).data;
  if (!content) return undefined;
  const { seen, checksum, ...known } = content;
  return checksum === checksumOf(known, seen) && seen === look() ? known : undefined;
}

function parseJson(path: string): unknown {
  try {
    return JSON.parse(readText(path, path));
  } catch {
    return undefined;
  }
}

/** One flipped bit in a hash of the data would give every job another id, or an old one to other numbers. */
const checksumOf = (known: DataSummary, seen: string | undefined): string => hashOf({ known, seen } as unknown as Json);

/** Sizes and times of all files, as Git compares them: the time of the last change (ctime) cannot be set back. */
function lookOf(folder: string): string {
  const files = existsSync(folder) ? (readdirSync(folder, { recursive: true }) as string[]).sort() : [];
  const lines = files.map((file) => {
    const { size, mtimeMs, ctimeMs, ino } = lstatSync(join(folder, file));
    return [file, size, mtimeMs, ctimeMs, ino].join(" ");
  });
  return sha256(lines.join("\n"));
}

/** @returns where the phantom of a profile lies: below .workbench, named by a hash of its configuration and of the code that makes it */
export function phantomFolder(task: Task, data: DataConfig): string {
  return join(
    workFolder,
    "data",
    `${task.id}-phantom-${hashOf({ task, data, code: dataCode() } as unknown as Json).slice(0, 12)}`,
  );
}

const dataCode = () => sourcesHash(["lib/core", "lib/io", "lib/data", "configs/data"]);

/** Reads and prepares every site of a task. A phantom that is damaged is made again. */
export function loadSites(task: Task, data: DataConfig, folder: string): Map<string, SiteData> {
  // An unknown site is no damage.
  for (const site of task.sites) imageSetOf(task).siteName(site);
  try {
    return readSites(task, data, folder);
  } catch (error) {
    if (placeOf(task, data).isReal || !(error instanceof WorkbenchError)) throw error;
    return remakePhantom(task, data, folder, error.problem);
  }
}

/** Writes a phantom that is not what it was, over what is there, and reads it. @param why says what is wrong with it */
export function remakePhantom(task: Task, data: DataConfig, folder: string, why: string): Map<string, SiteData> {
  process.stderr.write(`the ${task.id} phantom is damaged (${why}); it is made again\n`);
  // A folder in the place of a file cannot be written over.
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
    if (entry.isDirectory() && /\.(nii\.gz|png)$/.test(entry.name))
      rmSync(join(entry.parentPath, entry.name), { recursive: true });
  writePhantom(task, folder, data);
  return readSites(task, data, folder);
}

function readSites(
  task: Task,
  { source, side, reading, seed, split }: DataConfig,
  folder: string,
): Map<string, SiteData> {
  const set = imageSetOf(task);
  const cache = source === "phantom" && task.set !== "own" ? undefined : caseCache();
  const options = { side, reading, seed, split, cache, memory: dataMemory() };
  const sites = loadTogether(set, folder, task.sites, options);
  return new Map(task.sites.map((site, place) => [site, sites[place]]));
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
