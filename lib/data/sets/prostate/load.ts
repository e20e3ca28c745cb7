import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRandom } from "../../../core/random";
import { WorkbenchError } from "../../../core/errors";
import { readNifti } from "../../../io/nifti";
import { gather } from "../../set/batches";
import { assembleCase, findCases, type CaseFiles } from "./cases";
import {
  cachedCase,
  compact,
  moments,
  valuesOf,
  type CaseBytes,
  type CaseCache,
  type PreparedCase,
} from "../../set/prepared";
import { joinSets, stackedCase } from "../../set/slice-sets";
import { splitCases, type Split, type SplitMode } from "../../set/splits";
import { labelledSlices, type Reading } from "../../set/stacking";
import { prostateSite } from "./sites";
import type { Part, SiteData, SliceSet } from "../../set/types";

export interface SplitOptions {
  readonly split?: SplitMode;
  /** Of the lots of a split. */
  readonly seed: string | number;
}

/** Which cases of a site train, validate and test. */
export interface SiteSplit {
  readonly name: string;
  readonly files: readonly CaseFiles[];
  readonly split: Split;
}

export interface LoadOptions extends SplitOptions {
  /** Pixels along each side of a slice. */
  readonly side: number;
  readonly reading: Reading;
  /** Keeps prepared cases (default: they are made every time). */
  readonly cache?: CaseCache;
}

/** Makes a case ready from the bytes of its files. */
export type Prepare = (site: string, id: string, bytes: CaseBytes, side: number) => PreparedCase;

/**
 * Reads the cases of one site, splits them by case and stacks their labelled slices: the one way in for phantom and real data.
 * Slices of a case are stored in anatomical order, also when the published reading stacked them in another.
 * @param site any of the site's folder names
 * @throws WorkbenchError naming the file or value that is wrong
 */
export function loadSite(folder: string, site: string, options: LoadOptions): SiteData {
  const { side, reading, cache } = options;
  const { name, files, split } = splitSite(folder, site, options);
  const byId = new Map(files.map((file) => [file.id, file]));
  const load = (part: Part): SliceSet =>
    joinSets(
      name,
      split[part].map((id) =>
        stackedCase(readPrepared(byId.get(id) as CaseFiles, side, prepareProstate, cache), reading),
      ),
    );
  return { site: name, parts: { train: load("train"), validation: load("validation"), test: load("test") } };
}

/** Finds the cases of one site and splits them; reads none. */
export function splitSite(folder: string, site: string, { split = "auto", seed }: SplitOptions): SiteSplit {
  const { name } = prostateSite(site);
  const found = findCases(folder).find((candidate) => candidate.site.name === name);
  if (!found) throw new WorkbenchError(`site ${name} is not in ${folder}`, "add it, or leave it out of the experiment");
  const ids = found.cases.map(({ id }) => id);
  return {
    name,
    files: found.cases,
    split: splitCases(ids, found.site, split, createRandom(seed).child("split").child(name)),
  };
}

/** Reads the two files of a case and prepares it, or takes it from the cache. */
export function readPrepared(
  { site, id, image, mask }: CaseFiles,
  side: number,
  prepare: Prepare,
  cache?: CaseCache,
): PreparedCase {
  const bytes = { image: readBytes(image, `${site}/${id} image`), mask: readBytes(mask, `${site}/${id} mask`) };
  const make = () => prepare(site, id, bytes, side);
  return cache ? cachedCase(cache, `${site}/${id}`, bytes, side, make) : make();
}

function readBytes(path: string, name: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new WorkbenchError(
      `${name}: cannot be read (${(error as NodeJS.ErrnoException).code})`,
      "check the folder and its permissions",
    );
  }
}

/** All slices of a site, whatever their part: what an outside site is adapted to and evaluated on. */
export function allSlices({ site, parts }: SiteData): SliceSet {
  return joinSets(site, [parts.train, parts.validation, parts.test]);
}

/** SHA-256 over the names, parts, spacings and voxels of prepared sites. */
export function hashSites(sites: readonly SiteData[]): string {
  const hash = createHash("sha256");
  for (const { site, parts } of sites) {
    for (const part of ["train", "validation", "test"] as const) {
      const { masks, cases, count, height, width, channels } = parts[part];
      hash.update(
        JSON.stringify([
          site,
          part,
          height,
          width,
          channels,
          cases.map(({ id, first, count, spacing }) => [id, first, count, spacing]),
        ]),
      );
      for (let slice = 0; slice < count; slice++)
        hash.update(new Uint8Array(gather(parts[part], [slice]).images.buffer));
      hash.update(masks);
    }
  }
  return hash.digest("hex");
}

/**
 * Reads one case at the size of an experiment. Mean and deviation are those of the whole volume, as in `normalize` of
 * `utils/data_preprocess.py:5`, which the official script never calls.
 * @throws WorkbenchError naming the file or value that is wrong: see `readCase`
 */
export function prepareProstate(site: string, id: string, bytes: CaseBytes, side: number): PreparedCase {
  const [original, labels] = [
    readNifti(bytes.image, `${site}/${id} image`),
    readNifti(bytes.mask, `${site}/${id} mask`),
  ];
  const { image, mask } = assembleCase({ site, id, image: original, mask: labels, side });
  const slices = labelledSlices(mask, image.shape);
  const [, height, width] = image.shape;
  const pick = <Voxels extends Float32Array | Uint8Array>(from: Voxels, to: Voxels): Voxels => {
    slices.forEach((slice, place) =>
      to.set(from.subarray(slice * height * width, (slice + 1) * height * width), place * height * width),
    );
    return to;
  };
  const size = slices.length * height * width;
  return {
    site,
    id,
    height,
    width,
    planes: compact(pick(image.voxels, new Float32Array(size))),
    masks: pick(mask, new Uint8Array(size)),
    slices,
    spacing: image.spacing,
    ...moments(image.voxels, `${site}/${id}`),
    shape: original.shape,
    labels: valuesOf(labels.voxels),
  };
}
