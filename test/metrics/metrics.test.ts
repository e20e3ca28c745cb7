import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { officialClassDice, officialSliceDice, volumetricDice } from "../../lib/metrics/dice";
import { squaredDistances } from "../../lib/metrics/distance-transform";
import { hausdorff95, meanSurfaceDistance, scoreMasks } from "../../lib/metrics/score";
import { surfaceDistances } from "../../lib/metrics/surface";

type Triple = readonly [number, number, number];
const close = (got: number, want: number, tolerance = 1e-9) =>
  assert.ok(Math.abs(got - want) <= tolerance, `${got}, want ${want}`);

/** Marks the voxels whose place `[z, y, x]` is inside. */
function mask(shape: Triple, inside: (z: number, y: number, x: number) => boolean): Uint8Array {
  const [, height, width] = shape;
  return Uint8Array.from({ length: shape[0] * height * width }, (_, i) =>
    Number(inside(Math.floor(i / (height * width)), Math.floor(i / width) % height, i % width)),
  );
}
const within = (value: number, low: number, high: number) => value >= low && value <= high;
const box = (shape: Triple, [z, y, x]: Triple, [depth, height, width]: Triple) =>
  mask(shape, (k, j, i) => within(k, z, z + depth - 1) && within(j, y, y + height - 1) && within(i, x, x + width - 1));
const measured = (a: Uint8Array, b: Uint8Array, shape: Triple, spacing: Triple) =>
  surfaceDistances(a, b, shape, spacing) ?? assert.fail("no distances");

test("distances agree with a search over all voxels, whatever the spacing", () => {
  const shape = fc.tuple(
    fc.integer({ min: 1, max: 5 }),
    fc.integer({ min: 1, max: 6 }),
    fc.integer({ min: 1, max: 7 }),
  );
  const spacing = fc.tuple(...[0, 1, 2].map(() => fc.double({ min: 0.1, max: 5, noNaN: true })));
  fc.assert(
    fc.property(shape, spacing, fc.infiniteStream(fc.boolean()), ([depth, height, width], steps, marks) => {
      const marked = Uint8Array.from({ length: depth * height * width }, () => Number(marks.next().value));
      const place = (i: number) => [
        Math.floor(i / (height * width)) * steps[0],
        (Math.floor(i / width) % height) * steps[1],
        (i % width) * steps[2],
      ];
      squaredDistances(marked, [depth, height, width], steps).forEach((got, i) => {
        let want = Infinity;
        marked.forEach((value, j) => {
          if (value)
            want = Math.min(
              want,
              place(i).reduce((sum, at, axis) => sum + (at - place(j)[axis]) ** 2, 0),
            );
        });
        assert.ok(got === want || Math.abs(got - want) < 1e-9 * want, `${got}, want ${want}`);
      });
    }),
    { numRuns: 200 },
  );
});

test("two equal boxes apart along one axis are that far apart, in millimetres", () => {
  const shape = [12, 12, 14] as const;
  const spacing = [3.6, 0.5, 0.625] as const;
  // A plate one voxel thick is all surface, so every voxel lies exactly the shift away along the thin axis.
  for (const [axis, plate, from, to] of [
    [0, [1, 12, 14], [2, 0, 0], [9, 0, 0]],
    [1, [12, 1, 14], [0, 3, 0], [0, 10, 0]],
    [2, [12, 12, 1], [0, 0, 1], [0, 0, 8]],
  ] as const) {
    const distances = measured(box(shape, from, plate), box(shape, to, plate), shape, spacing);
    for (const value of [hausdorff95(distances), meanSurfaceDistance(distances)]) close(value, 7 * spacing[axis]);
  }
});

test("concentric spheres lie their difference of radius apart", () => {
  const [shape, spacing] = [[15, 90, 72] as const, [3, 0.5, 0.625] as const];
  const ball = (radius: number) =>
    mask(shape, (z, y, x) => ((z - 7) * 3) ** 2 + ((y - 45) * 0.5) ** 2 + ((x - 36) * 0.625) ** 2 <= radius * radius);
  const distances = measured(ball(18), ball(12), shape, spacing);
  // A voxel's surface lies up to half a voxel inside the sphere; slices are 3 mm apart.
  assert.ok(Math.abs(meanSurfaceDistance(distances) - 6) < 0.6, `${meanSurfaceDistance(distances)}`);
  assert.ok(hausdorff95(distances) > 5.4 && hausdorff95(distances) < 6 + 3, `${hausdorff95(distances)}`);
  const volumes = (12 / 18) ** 3;
  close(volumetricDice(ball(18), ball(12)), (2 * volumes) / (1 + volumes), 0.02);
});

test("scores do not depend on the order of the masks, and are perfect for equal ones", () => {
  const shape = [6, 8, 9] as const;
  const cells = fc.uint8Array({ minLength: 432, maxLength: 432, max: 1 });
  fc.assert(
    fc.property(cells, cells, (a, b) => {
      const spacing = [2.5, 0.7, 1.1] as const;
      const [forth, back] = [scoreMasks(a, b, shape, spacing), scoreMasks(b, a, shape, spacing)];
      close(forth.dice, back.dice);
      close(forth.hd95 ?? -1, back.hd95 ?? -1);
      close(forth.assd ?? -1, back.assd ?? -1);
      assert.deepEqual(
        [
          scoreMasks(a, a, shape, spacing).dice,
          scoreMasks(a, a, shape, spacing).hd95,
          scoreMasks(a, a, shape, spacing).assd,
        ],
        [1, 0, 0],
      );
    }),
    { numRuns: 50 },
  );
});

test("empty masks follow the stated rule", () => {
  const shape = [1, 2, 2] as const;
  const [empty, some] = [new Uint8Array(4), Uint8Array.of(0, 1, 0, 0)];
  const score = (a: Uint8Array, b: Uint8Array) => scoreMasks(a, b, shape, [1, 1, 1]);
  const undefinedScore = (a: Uint8Array, b: Uint8Array) => [
    score(a, b).dice,
    score(a, b).hd95,
    score(a, b).assd,
    score(a, b).undefinedBecause,
  ];
  assert.deepEqual(undefinedScore(empty, empty), [1, null, null, "both empty"]);
  assert.deepEqual(undefinedScore(empty, some), [0, null, null, "empty prediction"]);
  assert.deepEqual(undefinedScore(some, empty), [0, null, null, "empty reference"]);
  assert.equal(scoreMasks(some, some, shape, [1, 1, 1], false).undefinedBecause, "not asked for");
});

test("the official Dice averages the background in, slice by slice", () => {
  // Slice 1: A has 2 of 4 pixels, B 1 of them. Slice 2: both empty, so foreground 0 and background 8 / (8 + 1e-5).
  const [first, second] = officialSliceDice(
    Uint8Array.of(1, 1, 0, 0, 0, 0, 0, 0),
    Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0),
    2,
  );
  close(first, ((2 * 1) / (3 + 1e-5) + (2 * 2) / (5 + 1e-5)) / 2, 1e-12);
  close(second, (0 + 8 / (8 + 1e-5)) / 2, 1e-12);
});

test("all scores of a 384 x 384 x 30 pair take at most a second", () => {
  const shape = [30, 384, 384] as const;
  const ball = (centre: number, radius: number) =>
    mask(shape, (z, y, x) => ((x - centre) / radius) ** 2 + ((y - 190) / radius) ** 2 + ((z - 15) / 12) ** 2 < 1);
  const [a, b] = [ball(190, 60), ball(196, 64)];
  const spent = process.cpuUsage();
  scoreMasks(a, b, shape, [3, 0.5, 0.5]);
  const { user, system } = process.cpuUsage(spent);
  assert.ok(user + system < 1e6, `${(user + system) / 1e6} s`);
});

test("hard Dice counts pixels class by class", () => {
  // Foreground predicted in 4 pixels, true in 2, both in 1, of 8.
  const [{ background, foreground }] = officialClassDice(
    Uint8Array.of(1, 1, 1, 1, 0, 0, 0, 0),
    Uint8Array.of(0, 0, 0, 1, 1, 0, 0, 0),
    1,
  );
  assert.ok(Math.abs(background - (2 * 3) / (4 + 6)) < 1e-5);
  assert.ok(Math.abs(foreground - (2 * 1) / (4 + 2)) < 1e-5);
});
