import type { Random } from "../../core/random";

/** Control points along a side, of which the two outermost on each end stay where they are, as torchio's RandomElasticDeformation has it. */
const points = 7;
const locked = 2;
const cells = points - 3;

/** How far a control point moves at most, as a share of the side: torchio's 7.5 pixels of images of 384. */
const furthest = 7.5 / 384;

/** How control points move, down and to the right, as shares of the side: `[row * points + column]`. */
export interface Bend {
  readonly down: Float64Array;
  readonly right: Float64Array;
}

/** Each control point that is not locked moves by itself, uniformly in both directions. */
export function drawBend(random: Random): Bend {
  const inner = (index: number) => index >= locked && index < points - locked;
  const drawn = () =>
    Float64Array.from({ length: points * points }, (_, index) =>
      inner(Math.floor(index / points)) && inner(index % points) ? random.uniform(-furthest, furthest) : 0,
    );
  return { down: drawn(), right: drawn() };
}

/** The four values of the uniform cubic B-spline over a cell. @param t place in the cell, 0 to 1 */
const spline = (t: number): readonly number[] => [
  (1 - t) ** 3 / 6,
  (3 * t ** 3 - 6 * t ** 2 + 4) / 6,
  (-3 * t ** 3 + 3 * t ** 2 + 3 * t + 1) / 6,
  t ** 3 / 6,
];

/** @param row place along the side, 0 to 1, as `column` @returns how far the source of this place lies down and to the right, as shares of the side */
export function bend({ down, right }: Bend, row: number, column: number): [number, number] {
  const cellOf = (place: number) => Math.min(cells - 1, Math.floor(place * cells));
  const [i, j] = [cellOf(row), cellOf(column)];
  const [rows, columns] = [spline(row * cells - i), spline(column * cells - j)];
  const sum = (moves: Float64Array) =>
    rows.reduce(
      (all, share, a) =>
        all + share * columns.reduce((line, part, b) => line + part * moves[(i + a) * points + j + b], 0),
      0,
    );
  return [sum(down), sum(right)];
}
