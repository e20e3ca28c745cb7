import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { WorkbenchError } from "../../../lib/core/errors";
import { gather } from "../../../lib/data/set/batches";
import { stackedCase } from "../../../lib/data/set/slice-sets";
import { labelledSlices, neighbours, neighboursOf, setOrder } from "../../../lib/data/set/stacking";

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
  [
    Array.from({ length: 30 }, (_, i) => 50 + 3 * i),
    [128, 131, 134, 137, ...Array.from({ length: 26 }, (_, i) => 50 + 3 * i)],
  ],
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

/** Slices 1 to 4 of a volume are labelled; slice k has the one pixel 10 k. */
const prepared = {
  ...{
    site: "HK",
    id: "Case38",
    height: 1,
    width: 1,
    planes: Int16Array.of(10, 20, 30, 40),
    masks: Uint8Array.of(1, 1, 1, 1),
  },
  ...{
    slices: [1, 2, 3, 4],
    spacing: [3, 1, 1] as const,
    mean: 20,
    deviation: 10,
    shape: [6, 1, 1],
    labels: [0, 1],
    notes: [],
  },
};

test("each labelled slice is stacked with its neighbours, by the rule of the reading", () => {
  assert.deepEqual(labelledSlices(Uint8Array.of(0, 1, 2, 1, 1, 0), [6, 1, 1]), [1, 2, 3, 4]);
  const stacked = (reading: "published" | "intended") => [
    ...gather(stackedCase(prepared, reading), [0, 1, 2, 3]).images,
  ];
  assert.deepEqual(stacked("published"), [10, 10, 20, 10, 20, 30, 20, 30, 40, 20, 30, 40]);
  assert.deepEqual(
    stacked("intended"),
    [10, 10, 20, 10, 20, 30, 20, 30, 40, 30, 40, 40].map((value) => (value - 20) / 10),
  );
});

test("the neighbours of a slice are those of its place in the list of the reading", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(90), { minLength: 3, maxLength: 40 }), (slices) => {
      const ascending = [...slices].sort((a, b) => a - b);
      const listed = setOrder(ascending);
      ascending.forEach((slice, i) => {
        assert.deepEqual(neighboursOf(ascending, slice, "intended"), [
          ascending[Math.max(0, i - 1)],
          slice,
          ascending[i + 1] ?? slice,
        ]);
        const place = listed.indexOf(slice);
        const [from, wanted] =
          place === slices.length - 1 ? [place - 2, [0, 1, 2]] : [place - 1, place === 0 ? [1, 1, 2] : [0, 1, 2]];
        assert.deepEqual(
          neighboursOf(ascending, slice, "published"),
          wanted.map((step) => listed[from + step]),
        );
      });
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
