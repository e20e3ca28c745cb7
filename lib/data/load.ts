import { createHash } from "node:crypto";
import { createRandom } from "../core/random";
import { WorkbenchError } from "../core/errors";
import { findCases, readCase, type CaseFiles } from "./cases";
import { splitCases, type SplitMode } from "./splits";
import { inAnatomicalOrder, stackCase, type Reading } from "./stacking";
import { prostateSite } from "./sites";
import type { Case, Part, SiteData, SliceSet, SliceSpan } from "./types";

export interface LoadOptions {
  /** Pixels along each side of a slice. */
  readonly side: number;
  readonly reading: Reading;
  readonly split?: SplitMode;
  /** Of the lots of a split. */
  readonly seed: string | number;
}

/**
 * Reads the cases of one site, splits them by case and stacks their labelled slices: the one way in for phantom and real data.
 * Slices of a case are stored in anatomical order, also when the published reading stacked them in another.
 * @param site any of the site's folder names
 * @throws WorkbenchError naming the file or value that is wrong
 */
export function loadSite(folder: string, site: string, { side, reading, split = "auto", seed }: LoadOptions): SiteData {
  const { name } = prostateSite(site);
  const files = findCases(folder).find((candidate) => candidate.site.name === name);
  if (!files) throw new WorkbenchError(`site ${name} is not in ${folder}`, "add it, or leave it out of the experiment");
  const ids = files.cases.map(({ id }) => id);
  const parts = splitCases(ids, files.site, split, createRandom(seed).child("split").child(name));
  const load = (part: Part): SliceSet =>
    sliceSet(
      name,
      parts[part].map((id) => files.cases[ids.indexOf(id)]),
      side,
      reading,
    );
  return { site: name, parts: { train: load("train"), validation: load("validation"), test: load("test") } };
}

/** All slices of a site, whatever their part: what an outside site is adapted to and evaluated on. */
export function allSlices({ site, parts }: SiteData): SliceSet {
  return joinSets(site, [parts.train, parts.validation, parts.test]);
}

/** Puts sets of slices of one size behind each other. */
export function joinSets(site: string, sets: readonly SliceSet[]): SliceSet {
  const { height, width, channels, structures } = sets[0];
  const count = sets.reduce((sum, set) => sum + set.count, 0);
  const images = new Float32Array(count * height * width * channels);
  const masks = new Uint8Array(count * height * width);
  const cases: SliceSpan[] = [];
  let first = 0;
  for (const set of sets) {
    if (set.height !== height || set.width !== width || set.channels !== channels) {
      throw new RangeError(
        `cannot join slices of ${set.height} x ${set.width} x ${set.channels} to ${height} x ${width} x ${channels}`,
      );
    }
    images.set(set.images, first * height * width * channels);
    masks.set(set.masks, first * height * width);
    for (const span of set.cases) cases.push({ ...span, first: first + span.first });
    first += set.count;
  }
  return { site, count, height, width, channels, images, masks, cases, ...(structures ? { structures } : {}) };
}

/** SHA-256 over the names, parts, spacings and voxels of prepared sites. */
export function hashSites(sites: readonly SiteData[]): string {
  const hash = createHash("sha256");
  for (const { site, parts } of sites) {
    for (const part of ["train", "validation", "test"] as const) {
      const { images, masks, cases, height, width, channels } = parts[part];
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
      hash.update(new Uint8Array(images.buffer, images.byteOffset, images.byteLength)).update(masks);
    }
  }
  return hash.digest("hex");
}

function sliceSet(site: string, files: readonly CaseFiles[], side: number, reading: Reading): SliceSet {
  const sets = files.map((file): SliceSet => {
    const read = readCase(file, side);
    const { images, masks, kept } = inAnatomicalOrder(stackCase(reading === "intended" ? zScored(read) : read, reading));
    const cases = [{ id: read.id, first: 0, count: kept.length, spacing: read.image.spacing }];
    return { site, count: kept.length, height: side, width: side, channels: 3, images, masks, cases };
  });
  return joinSets(site, sets);
}

/** Mean 0 and deviation 1 over the whole volume: `normalize` of `utils/data_preprocess.py:5`, which the official script never calls. */
export function zScored(given: Case): Case {
  const { voxels } = given.image;
  const mean = voxels.reduce((sum, value) => sum + value, 0) / voxels.length;
  const deviation = Math.sqrt(voxels.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / voxels.length);
  if (deviation === 0)
    throw new WorkbenchError(`${given.site}/${given.id}: every voxel of the image is ${mean}`, "fetch the image again");
  return { ...given, image: { ...given.image, voxels: voxels.map((value) => (value - mean) / deviation) } };
}
