import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../../../lib/core/random";
import { gather } from "../../../lib/data/set/batches";
import { shuffledCases } from "../../../lib/data/set/shuffle-cases";
import type { SliceSet } from "../../../lib/data/set/types";
import { smallSite } from "../../federation/support/small-site";

/** The slices of a case, as the network and the scores get them. */
const slicesOf = (set: SliceSet) =>
  new Map(
    set.cases.map(({ id, first, count, spacing }) => [
      id,
      {
        ...gather(
          set,
          Array.from({ length: count }, (_, slice) => first + slice),
        ),
        spacing,
      },
    ]),
  );

test("every case keeps its slices in their order; the cases follow each other by lot, and without gaps", () => {
  const set = smallSite("A", { train: 8, validation: 1, test: 1 }).parts.train;
  const shuffled = shuffledCases(set, createRandom("order"));
  const names = ({ cases }: SliceSet) => cases.map(({ id }) => id);
  assert.notDeepEqual(names(shuffled), names(set));
  assert.deepEqual(names(shuffled).sort(), names(set).sort());
  assert.deepEqual(slicesOf(shuffled), new Map(names(shuffled).map((id) => [id, slicesOf(set).get(id)])));
  let next = 0;
  for (const { first, count } of shuffled.cases) {
    assert.equal(first, next);
    next += count;
  }
  assert.equal(next, set.count);
  assert.deepEqual(names(shuffledCases(set, createRandom("order"))), names(shuffled));
});
