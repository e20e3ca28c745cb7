import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createRandom } from "../../../lib/core/random";
import { batchIndices, gather, sequentialBatches } from "../../../lib/data/set/batches";
import type { SliceSet } from "../../../lib/data/set/types";

test("every slice is in exactly one batch, and only the last batch is smaller", () => {
  fc.assert(
    fc.property(fc.nat(60), fc.integer({ min: 1, max: 20 }), fc.nat(), (count, size, seed) => {
      for (const batches of [batchIndices(count, size, createRandom(seed)), sequentialBatches(count, size)]) {
        assert.deepEqual(
          batches.flatMap((batch) => [...batch]).sort((a, b) => a - b),
          Array.from({ length: count }, (_, i) => i),
        );
        assert.ok(batches.every((batch, i) => batch.length === (i < batches.length - 1 ? size : count - size * i)));
      }
    }),
  );
  assert.deepEqual(
    sequentialBatches(5, 2).map((batch) => [...batch]),
    [[0, 1], [2, 3], [4]],
  );
  assert.throws(() => sequentialBatches(5, 0), RangeError);
});

test("shuffled batches depend on the seed alone", () => {
  assert.deepEqual(batchIndices(40, 7, createRandom("a")), batchIndices(40, 7, createRandom("a")));
  assert.notDeepEqual(batchIndices(40, 7, createRandom("a")), batchIndices(40, 7, createRandom("b")));
});

test("gathered slices carry their own pixels and masks", () => {
  const set: SliceSet = {
    site: "HK",
    count: 3,
    height: 1,
    width: 2,
    channels: 2,
    planes: Float32Array.from({ length: 8 }, (_, i) => i),
    stack: Int32Array.of(0, 1, 1, 2, 2, 3),
    masks: Uint8Array.of(0, 1, 1, 0, 1, 1),
    cases: [{ id: "Case38", first: 0, count: 3, spacing: [1, 1, 1] }],
  };
  const { images, masks } = gather(set, [2, 0]);
  assert.deepEqual(
    [[...images], [...masks]],
    [
      [4, 6, 5, 7, 0, 2, 1, 3],
      [1, 1, 0, 1],
    ],
  );
});
