import type { Random } from "../../core/random";
import type { SliceSet } from "./types";

/** The same cases in an order drawn by lot, the slices of each in order. Planes are shared with the set. */
export function shuffledCases(set: SliceSet, random: Random): SliceSet {
  const { stack, masks, channels, height, width } = set;
  const cases: SliceSet["cases"][number][] = [];
  const shuffled = { stack: new Int32Array(stack.length), masks: new Uint8Array(masks.length) };
  let first = 0;
  for (const index of random.permutation(set.cases.length)) {
    const { first: from, count } = set.cases[index];
    for (const [name, size] of [["stack", channels] as const, ["masks", height * width] as const])
      shuffled[name].set(set[name].subarray(from * size, (from + count) * size), first * size);
    cases.push({ ...set.cases[index], first });
    first += count;
  }
  return { ...set, ...shuffled, cases };
}
