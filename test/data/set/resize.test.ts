import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { resizeSlices } from "../../../lib/data/set/resize";

test("halving averages blocks of four, and doubling repeats", () => {
  assert.deepEqual(
    [...resizeSlices([1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 4], 1, 2)],
    [(1 + 2 + 5 + 6) / 4, (3 + 4 + 7 + 8) / 4],
  );
  assert.deepEqual([...resizeSlices([1, 2], [1, 1, 2], 2, 4)], [1, 1, 2, 2, 1, 1, 2, 2]);
});

test("a part of a pixel counts by its share", () => {
  assert.deepEqual([...resizeSlices([3, 6, 9], [1, 1, 3], 1, 2)], [(3 * 1 + 6 * 0.5) / 1.5, (6 * 0.5 + 9 * 1) / 1.5]);
});

test("the mean of each slice stays", () => {
  const size = fc.integer({ min: 1, max: 9 });
  fc.assert(
    fc.property(size, size, size, size, fc.nat(), (height, width, toHeight, toWidth, seed) => {
      const voxels = Float32Array.from({ length: 2 * height * width }, (_, i) => ((i + seed) * 7919) % 101);
      const resized = resizeSlices(voxels, [2, height, width], toHeight, toWidth);
      for (const slice of [0, 1]) {
        const mean = (all: Float32Array) =>
          all
            .subarray((slice * all.length) / 2, ((slice + 1) * all.length) / 2)
            .reduce((sum, value) => sum + value, 0) /
          (all.length / 2);
        assert.ok(Math.abs(mean(voxels) - mean(resized)) < 1e-4);
      }
    }),
  );
});
