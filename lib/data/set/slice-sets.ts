import type { PreparedCase } from "./prepared";
import { neighboursOf, type Reading } from "./stacking";
import type { SliceSet, SliceSpan } from "./types";
import { changedValues, joinedValues } from "./values";

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
    planes: changedValues(planes, reading === "intended" ? { minus: mean, over: deviation } : { minus: 0, over: 1 }),
    stack: Int32Array.from(
      slices.flatMap((slice) => neighboursOf(slices, slice, reading).map((neighbour) => slices.indexOf(neighbour))),
    ),
    masks,
    cases: [{ id, first: 0, count: slices.length, spacing }],
  };
}

/** Puts sets of slices of one size behind each other; what lies on the disk stays there. */
export function joinSets(site: string, sets: readonly SliceSet[]): SliceSet {
  const { height, width, channels, structures } = sets[0];
  const count = sets.reduce((sum, set) => sum + set.count, 0);
  const stack = new Int32Array(count * channels);
  const cases: SliceSpan[] = [];
  let [first, values] = [0, 0];
  for (const set of sets) {
    if (set.height !== height || set.width !== width || set.channels !== channels) {
      throw new RangeError(
        `cannot join slices of ${set.height} x ${set.width} x ${set.channels} to ${height} x ${width} x ${channels}`,
      );
    }
    const firstPlane = values / (height * width);
    stack.set(
      set.stack.map((plane) => firstPlane + plane),
      first * channels,
    );
    for (const span of set.cases) cases.push({ ...span, first: first + span.first });
    first += set.count;
    values += set.planes.length;
  }
  const planes = joinedValues(
    sets.map((set) => set.planes),
    (length) => new Float32Array(length),
  );
  const masks = joinedValues(
    sets.map((set) => set.masks),
    (length) => new Uint8Array(length),
  );
  return { site, count, height, width, channels, planes, stack, masks, cases, ...(structures ? { structures } : {}) };
}
