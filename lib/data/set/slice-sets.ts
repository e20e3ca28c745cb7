import type { PreparedCase } from "./prepared";
import { neighboursOf, type Reading } from "./stacking";
import type { SliceSet, SliceSpan } from "./types";

/** One prepared case as the network sees it: its labelled slices in anatomical order, each stacked with its neighbours. */
export function stackedCase(
  { site, id, height, width, planes, masks, slices, spacing, mean, deviation }: PreparedCase,
  reading: Reading,
): SliceSet {
  return {
    site,
    count: slices.length,
    height,
    width,
    channels: 3,
    planes:
      reading === "intended"
        ? Float32Array.from(planes, (value) => (value - mean) / deviation)
        : Float32Array.from(planes),
    stack: Int32Array.from(
      slices.flatMap((slice) => neighboursOf(slices, slice, reading).map((neighbour) => slices.indexOf(neighbour))),
    ),
    masks,
    cases: [{ id, first: 0, count: slices.length, spacing }],
  };
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
    stack.set(
      set.stack.map((plane) => firstPlane + plane),
      first * channels,
    );
    masks.set(set.masks, first * height * width);
    for (const span of set.cases) cases.push({ ...span, first: first + span.first });
    first += set.count;
    values += set.planes.length;
  }
  return { site, count, height, width, channels, planes, stack, masks, cases, ...(structures ? { structures } : {}) };
}
