import { WorkbenchError } from "../../core/errors";
import { createRandom } from "../../core/random";
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
}

/** The cases of one site, and which of them train, validate and test. */
export interface SiteSplit {
  readonly name: string;
  readonly source: FileSource;
  readonly cases: readonly FoundCase[];
  readonly split: Split;
}

/**
 * Reads the cases of one site, splits them by case and makes their slices: the one way in for phantom and real data of every set.
 * @param folder the set as the import lays it out @param site any of the site's folder names
 * @throws WorkbenchError naming the file or value that is wrong
 */
export function loadSite(set: ImageSet, folder: string, site: string, options: LoadOptions): SiteData {
  const { side, reading, cache } = options;
  const { name, source, cases, split } = splitSite(set, folder, site, options);
  const byId = new Map(cases.map((each) => [each.id, each]));
  const load = (part: Part): SliceSet =>
    joinSets(
      name,
      split[part].map((id) => set.slices(readPrepared(set, source, byId.get(id) as FoundCase, side, cache), reading)),
    );
  return { site: name, parts: { train: load("train"), validation: load("validation"), test: load("test") } };
}

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
function readPrepared(
  set: ImageSet,
  source: FileSource,
  found: FoundCase,
  side: number,
  cache?: CaseCache,
): PreparedCase {
  return preparedFrom(set, found, { image: source.read(found.image), mask: source.read(found.mask) }, side, cache);
}

/** Prepares a case from the bytes of its files, or takes it from the cache. @throws WorkbenchError as the set's `prepare` */
export function preparedFrom(
  { prepare, rules = "" }: Pick<ImageSet, "prepare" | "rules">,
  { site, id }: Pick<FoundCase, "site" | "id">,
  bytes: CaseBytes,
  side: number,
  cache?: CaseCache,
): PreparedCase {
  const make = () => prepare(site, id, bytes, side);
  return cache ? cachedCase({ ...cache, code: cache.code + rules }, `${site}/${id}`, bytes, side, make) : make();
}
