import { createHash } from "node:crypto";
import { createRandom } from "../core/random";
import { WorkbenchError } from "../core/errors";
import { gather } from "./batches";
import { findCases, readCase } from "./cases";
import { splitCases, type SplitMode } from "./splits";
import { labelledSlices, neighboursOf, type Reading } from "./stacking";
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
    joinSets(
      name,
      parts[part].map((id) => caseSet(readCase(files.cases[ids.indexOf(id)], side), reading)),
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
  const total = (size: (set: SliceSet) => number) => sets.reduce((sum, set) => sum + size(set), 0);
  const count = total((set) => set.count);
  const planes = new Float32Array(total((set) => set.planes.length));
  const stack = new Int32Array(count * channels);
  const masks = new Uint8Array(count * height * width);
  const cases: SliceSpan[] = [];
  let [first, values] = [0, 0];
  for (const set of sets) {
    if (set.height !== height || set.width !== width || set.channels !== channels) {
      throw new RangeError(
        `cannot join slices of ${set.height} x ${set.width} x ${set.channels} to ${height} x ${width} x ${channels}`,
      );
    }
    const firstPlane = values / (height * width);
    planes.set(set.planes, values);
    stack.set(set.stack.map((plane) => firstPlane + plane), first * channels);
    masks.set(set.masks, first * height * width);
    for (const span of set.cases) cases.push({ ...span, first: first + span.first });
    first += set.count;
    values += set.planes.length;
  }
  return { site, count, height, width, channels, planes, stack, masks, cases, ...(structures ? { structures } : {}) };
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
      for (let slice = 0; slice < count; slice++) hash.update(new Uint8Array(gather(parts[part], [slice]).images.buffer));
      hash.update(masks);
    }
  }
  return hash.digest("hex");
}

/** The labelled slices of one case, in anatomical order, as the network sees them. */
function caseSet(read: Case, reading: Reading): SliceSet {
  const { image, mask } = reading === "intended" ? zScored(read) : read;
  const slices = labelledSlices(mask, image.shape);
  const [, height, width] = image.shape;
  const pick = <Voxels extends Float32Array | Uint8Array>(from: Voxels, to: Voxels): Voxels => {
    slices.forEach((slice, place) => to.set(from.subarray(slice * height * width, (slice + 1) * height * width), place * height * width));
    return to;
  };
  const size = slices.length * height * width;
  return {
    site: read.site,
    count: slices.length,
    height,
    width,
    channels: 3,
    planes: pick(image.voxels, new Float32Array(size)),
    stack: Int32Array.from(slices.flatMap((slice) => neighboursOf(slices, slice, reading).map((neighbour) => slices.indexOf(neighbour)))),
    masks: pick(mask, new Uint8Array(size)),
    cases: [{ id: read.id, first: 0, count: slices.length, spacing: image.spacing }],
  };
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
