import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../../../lib/core/random";
import { transform, type Spectrum } from "../../../lib/methods/parts/fourier";

const sizes = [
  ...[1, 2, 3, 5, 7, 13].map((side) => [side, side] as const),
  ...([
    [4, 6],
    [9, 2],
    [12, 30],
    [1, 8],
    [25, 1],
  ] as const),
];

function noise(count: number, seed: string): Spectrum {
  const random = createRandom(seed);
  const draw = () => Float64Array.from({ length: count }, () => random.normal());
  return { re: draw(), im: draw() };
}

/** By the definition, with the sines of this machine. */
function slow({ re, im }: Spectrum, rows: number, columns: number): Spectrum {
  const out = { re: new Float64Array(re.length), im: new Float64Array(re.length) };
  for (let k = 0; k < re.length; k++) {
    for (let x = 0; x < re.length; x++) {
      const turns =
        (Math.floor(k / columns) * Math.floor(x / columns)) / rows + ((k % columns) * (x % columns)) / columns;
      const [c, s] = [Math.cos(2 * Math.PI * turns), -Math.sin(2 * Math.PI * turns)];
      out.re[k] += re[x] * c - im[x] * s;
      out.im[k] += re[x] * s + im[x] * c;
    }
  }
  return out;
}

const furthest = (a: Spectrum, b: Spectrum) =>
  Math.max(...a.re.map((value, i) => Math.abs(value - b.re[i])), ...a.im.map((value, i) => Math.abs(value - b.im[i])));

test("the transform is that of the definition, for sides of any length, and its inverse gives the matrix back", () => {
  for (const [rows, columns] of sizes) {
    const x = noise(rows * columns, `${rows}x${columns}`);
    const spectrum = transform(x, rows, columns);
    assert.ok(furthest(spectrum, slow(x, rows, columns)) < 1e-11 * rows * columns, `${rows}x${columns}`);
    assert.ok(furthest(transform(spectrum, rows, columns, true), x) < 1e-13 * rows * columns);
  }
});

test("a wave has one frequency, whose phase is its own; what went in stays as it was", () => {
  const [rows, columns] = [6, 15];
  const re = Float64Array.from({ length: 90 }, (_, i) =>
    Math.cos(2 * Math.PI * ((2 * Math.floor(i / columns)) / rows + (4 * (i % columns)) / columns)),
  );
  const before = re.slice();
  const { re: real, im } = transform({ re, im: new Float64Array(90) }, rows, columns);
  const place = (row: number, column: number) => row * columns + column;
  real.forEach((value, i) => {
    const want = [place(2, 4), place(rows - 2, columns - 4)].includes(i) ? 45 : 0;
    assert.ok(Math.abs(value - want) < 1e-10 && Math.abs(im[i]) < 1e-10);
  });
  assert.deepEqual(re, before);
});
