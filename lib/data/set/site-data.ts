import { createHash } from "node:crypto";
import { gather } from "./batches";
import { joinSets } from "./slice-sets";
import type { SiteData, SliceSet } from "./types";

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
      const area = height * width;
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
      for (let slice = 0; slice < count; slice++) hash.update(masks.subarray(slice * area, (slice + 1) * area));
    }
  }
  return hash.digest("hex");
}
