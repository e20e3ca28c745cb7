import { createRandom } from "../../../lib/core/random";
import { planesOf } from "../../data/support/planes";
import type { Part, SiteData, SliceSet } from "../../../lib/data/set/types";

/** A site of a few 16 x 16 slices with a bright disc: enough to train on, small enough for a test. */
export function smallSite(site: string, counts: Readonly<Record<Part, number>>): SiteData {
  const make = (part: Part): SliceSet => {
    const random = createRandom(`${site}/${part}`);
    const [side, channels, count] = [16, 3, counts[part]];
    const images = new Float32Array(count * side * side * channels);
    const masks = new Uint8Array(count * side * side);
    for (let slice = 0; slice < count; slice++) {
      const [row, column, radius] = [random.uniform(5, 11), random.uniform(5, 11), random.uniform(2, 4)];
      for (let pixel = 0; pixel < side * side; pixel++) {
        const inside = Math.hypot(Math.floor(pixel / side) - row, (pixel % side) - column) < radius;
        masks[slice * side * side + pixel] = inside ? 1 : 0;
        for (let channel = 0; channel < channels; channel++)
          images[(slice * side * side + pixel) * channels + channel] = random.normal(inside ? 1 : 0, 0.3);
      }
    }
    const cases = Array.from({ length: Math.ceil(count / 2) }, (_, index) => ({
      id: `Case0${index}`,
      first: 2 * index,
      count: Math.min(2, count - 2 * index),
      spacing: [3, 1, 1] as const,
    }));
    return { site, count, height: side, width: side, channels, ...planesOf(images, count, channels), masks, cases };
  };
  return { site, parts: { train: make("train"), validation: make("validation"), test: make("test") } };
}
