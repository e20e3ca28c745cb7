import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { WorkbenchError } from "../../lib/core/errors";
import { labelledSlices, neighbours, neighboursOf, setOrder, stackCase } from "../../lib/data/stacking";

/** `list(s)` after adding the first list to an empty set, printed by CPython 3.12. */
const printedByPython: [added: number[], listed: number[]][] = [
  [
    [28, 29, 30, 31, 32, 33, 34, 35, 36, 37],
    [32, 33, 34, 35, 36, 37, 28, 29, 30, 31],
  ],
  [
    [5, 6, 7, 8],
    [8, 5, 6, 7],
  ],
  [
    [6, 7, 8, 9, 10],
    [6, 7, 8, 9, 10],
  ],
  [Array.from({ length: 25 }, (_, i) => 20 + i), Array.from({ length: 25 }, (_, i) => 20 + i)],
  [Array.from({ length: 30 }, (_, i) => 50 + 3 * i), [128, 131, 134, 137, ...Array.from({ length: 26 }, (_, i) => 50 + 3 * i)]],
  [
    [3, 11, 19, 27],
    [11, 19, 3, 27],
  ],
  [
    [7, 15, 8, 31, 39, 40, 63, 64, 200],
    [64, 39, 8, 7, 40, 200, 15, 63, 31],
  ],
];

test("sets are listed as CPython lists them", () => {
  for (const [added, listed] of printedByPython) assert.deepEqual(setOrder(added), listed);
});

test("a set keeps every member once, however often it is added", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(500), { maxLength: 200 }), (values) => {
      assert.deepEqual(
        setOrder(values).sort((a, b) => a - b),
        [...new Set(values)].sort((a, b) => a - b),
      );
    }),
  );
});

/** Six slices of one pixel, slice k of intensity 10 k; slices 1 to 4 labelled. */
const volume = {
  image: { voxels: Float32Array.of(0, 10, 20, 30, 40, 50), shape: [6, 1, 1] as const, spacing: [3, 1, 1] as const },
  mask: Uint8Array.of(0, 1, 2, 1, 1, 0),
};

test("each labelled slice is stacked with its neighbours, by the rule of the reading", () => {
  assert.deepEqual(labelledSlices(volume.mask, volume.image.shape), [1, 2, 3, 4]);
  const first = [10, 10, 20];
  const inner = [10, 20, 30, 20, 30, 40];
  assert.deepEqual([...stackCase(volume, "intended").images], [...first, ...inner, 30, 40, 40]);
  assert.deepEqual([...stackCase(volume, "published").images], [...first, ...inner, 20, 30, 40]);
  assert.deepEqual([...stackCase(volume, "published").masks], [1, 1, 1, 1]);
});

test("the neighbours of a slice are those that it was stacked with, wherever it stood in the order", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(90), { minLength: 3, maxLength: 40 }), fc.constantFrom("published" as const, "intended" as const), (slices, reading) => {
      const ascending = [...slices].sort((a, b) => a - b);
      const shape = [91, 1, 1] as const;
      const mask = Uint8Array.from({ length: 91 }, (_, slice) => (slices.includes(slice) ? 1 : 0));
      const image = { voxels: Float32Array.from({ length: 91 }, (_, slice) => slice), shape, spacing: [1, 1, 1] as const };
      const { images, kept } = stackCase({ image, mask }, reading);
      kept.forEach((slice, place) => assert.deepEqual(neighboursOf(ascending, slice, reading), [...images.subarray(3 * place, 3 * place + 3)]));
    }),
  );
});

test("one or two labelled slices stack only in the intended reading", () => {
  assert.deepEqual(neighbours(1, "intended"), [[0, 0, 0]]);
  assert.deepEqual(neighbours(2, "intended"), [
    [0, 0, 1],
    [0, 1, 1],
  ]);
  assert.throws(
    () => neighbours(2, "published"),
    (error) => error instanceof WorkbenchError && /2 labelled slices/.test(error.message),
  );
});
