import assert from "node:assert/strict";
import { test } from "node:test";
import { classesOnOwnGrid } from "../../lib/hospital/own-grid";

/** Two classes, of which the second has a given probability at each pixel. */
const probabilities = (side: number, of: (row: number, column: number) => number) =>
  Float32Array.from({ length: side * side * 2 }, (_, i) => {
    const pixel = Math.floor(i / 2);
    const second = of(Math.floor(pixel / side), pixel % side);
    return i % 2 === 1 ? second : 1 - second;
  });

test("on a grid of the same size the most probable class of every pixel is left", () => {
  const given = probabilities(8, (row, column) => ((row * 7 + column * 3) % 10) / 10);
  const want = Array.from({ length: 64 }, (_, i) => (given[2 * i + 1] > given[2 * i] ? 1 : 0));
  assert.deepEqual([...classesOnOwnGrid(given, 8, 2, 8, 8)], want);
});

test("a border of a linear probability lies where it crosses one half, at any size, in the middle of the pixels' places", () => {
  // At x from 0 to 16 the probability is x / 16; both grids cover the same length, and pixel i has its centre at (i + 1/2) / n of it.
  const given = probabilities(16, (_, column) => (column + 0.5) / 16);
  for (const [height, width] of [
    [16, 16],
    [50, 61],
    [9, 128],
  ]) {
    const mask = classesOnOwnGrid(given, 16, 2, height, width);
    const want = Array.from({ length: height * width }, (_, i) => (((i % width) + 0.5) / width > 0.5 ? 1 : 0));
    assert.deepEqual([...mask], want, `${height} x ${width}`);
  }
});

test("rows are rows and columns are columns; of equal classes the first counts", () => {
  const upper = classesOnOwnGrid(
    probabilities(4, (row) => (row < 2 ? 0.9 : 0.1)),
    4,
    2,
    8,
    6,
  );
  assert.deepEqual(
    [...upper],
    Array.from({ length: 48 }, (_, i) => (i < 24 ? 1 : 0)),
  );
  assert.deepEqual(
    [
      ...classesOnOwnGrid(
        probabilities(2, () => 0.5),
        2,
        2,
        3,
        3,
      ),
    ],
    new Array(9).fill(0),
  );
});
