import { WorkbenchError } from "../../core/errors";
import { createRandom } from "../../core/random";
import { createHolder, type Holdable } from "./hold";
import type { ImageSet } from "./image-set";
import type { FoundCase } from "./plan";
import { cachedCase, type CaseBytes, type CaseCache, type PreparedCase } from "./prepared";
import { joinSets } from "./slice-sets";
import { openSource, type FileSource } from "./source";
import { splitCases, type Split, type SplitMode } from "./splits";
import type { Reading } from "./stacking";
import type { Part, SiteData, SliceSet } from "./types";

export interface SplitOptions {
  readonly split?: SplitMode;
  /** Of the lots of a split. */
  readonly seed: string | number;
}

export interface LoadOptions extends SplitOptions {
  /** Pixels along each side of a slice. */
  readonly side: number;
  readonly reading: Reading;
  /** Keeps prepared cases (default: they are made every time). */
  readonly cache?: CaseCache;
  /**
   * Bytes of images and masks that are held in memory (default: as many as there are). Where there are more, all are read from the
   * cache's files whenever a batch is drawn.
   */
  readonly memory?: number;
}

/** The cases of one site, and which of them train, validate and test. */
export interface SiteSplit {
  readonly name: string;
  readonly source: FileSource;
  readonly cases: readonly FoundCase[];
  readonly split: Split;
}

/**
 * Reads the cases of some sites, splits them by case and makes their slices: the one way in for phantom and real data of every set.
 * @param folder the set as the import lays it out @param sites each by any of its folder names
 * @throws WorkbenchError naming the file or value that is wrong
 */
export function loadSites(set: ImageSet, folder: string, sites: readonly string[], options: LoadOptions): SiteData[] {
  const holder = createHolder(options.memory);
  const loaded = sites.map((site) => {
    const { name, source, cases, split } = splitSite(set, folder, site, options);
    const byId = new Map(cases.map((each) => [each.id, each]));
    const load = (part: Part) =>
      split[part].map((id) => holder.hold(loadCase(set, source, byId.get(id) as FoundCase, options)));
    return { name, parts: { train: load("train"), validation: load("validation"), test: load("test") } };
  });
  return loaded.map(({ name, parts }) => {
    const join = (part: Part): SliceSet =>
      joinSets(
        name,
        parts[part].map((slices) => slices()),
      );
    return { site: name, parts: { train: join("train"), validation: join("validation"), test: join("test") } };
  });
}

/** The same of one site. */
export const loadSite = (set: ImageSet, folder: string, site: string, options: LoadOptions): SiteData =>
  loadSites(set, folder, [site], options)[0];

/** Finds the cases of one site and splits them; reads none. @throws WorkbenchError as `loadSite` */
export function splitSite(
  set: ImageSet,
  folder: string,
  site: string,
  { split = "auto", seed }: SplitOptions,
): SiteSplit {
  const name = set.siteName(site);
  const { source, cases: all } = findCases(set, folder);
  const cases = all.filter((each) => each.site === name);
  if (cases.length === 0)
    throw new WorkbenchError(`site ${name} is not in ${folder}`, "add it, or leave it out of the experiment");
  const random = createRandom(seed).child("split").child(name);
  const ids = cases.map(({ id }) => id);
  return { name, source, cases, split: splitCases(ids, name, split, random, set.official(cases, name, random)) };
}

/** Finds the cases of all sites. @throws WorkbenchError for a folder that cannot be read, or what is in the wrong place in it */
export function findCases(
  set: ImageSet,
  folder: string,
): { readonly source: FileSource; readonly cases: readonly FoundCase[] } {
  const source = openSource(folder);
  const { cases, faults } = set.plan(source.names, source.read);
  if (faults.length > 0)
    throw new WorkbenchError(
      `${folder}: ${faults[0]}${faults.length > 1 ? ` (and ${faults.length - 1} more faults)` : ""}`,
      "`npx iopfl data verify` (of a task of your own `npx iopfl data check`) shows all; mend the folder, or import the set again",
    );
  if (cases.length === 0)
    throw new WorkbenchError(
      `no case of the ${set.name} set in ${folder}`,
      "make a phantom with `npx iopfl data phantom`, or see dataset/README.md for the layout",
    );
  return { source, cases };
}

/** Reads the two files of a case and prepares it, or takes it from the cache. */
function loadCase(
  set: ImageSet,
  source: FileSource,
  found: FoundCase,
  { side, reading, cache }: Pick<LoadOptions, "side" | "reading" | "cache">,
): Holdable {
  const bytes = { image: source.read(found.image), mask: source.read(found.mask) };
  const slices = (made: PreparedCase) => set.slices(made, reading);
  if (!cache) return { inMemory: slices(set.prepare(found.site, found.id, bytes, side)) };
  const { made, stored } = keptCase(set, found, bytes, side, cache);
  return { inMemory: slices(made), onDisk: () => slices(stored) };
}

type Prepares = Pick<ImageSet, "prepare" | "rules">;
type Named = Pick<FoundCase, "site" | "id">;

/** Prepares a case from the bytes of its files and keeps it, or takes what was kept. @throws WorkbenchError as the set's `prepare` */
function keptCase(
  { prepare, rules = "" }: Prepares,
  { site, id }: Named,
  bytes: CaseBytes,
  side: number,
  cache: CaseCache,
) {
  const make = () => prepare(site, id, bytes, side);
  return cachedCase({ ...cache, code: cache.code + rules }, `${site}/${id}`, bytes, side, make);
}

/** The same in memory. @param cache default: the case is made every time */
export function preparedFrom(
  set: Prepares,
  found: Named,
  bytes: CaseBytes,
  side: number,
  cache?: CaseCache,
): PreparedCase {
  return cache ? keptCase(set, found, bytes, side, cache).made : set.prepare(found.site, found.id, bytes, side);
}
