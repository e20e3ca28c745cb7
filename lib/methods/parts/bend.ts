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

/** The control points that a place lies between, from the first, and their values there. @param place along the side, 0 to 1 */
function between(place: number): { readonly first: number; readonly values: readonly number[] } {
  const first = Math.min(cells - 1, Math.floor(place * cells));
  return { first, values: spline(place * cells - first) };
}

/**
 * How far the source of each pixel lies down and to the right, as shares of the side: `[row * width + column]`. Lines of control points are summed
 * once for all rows that lie between them.
 */
export function bentBy({ down, right }: Bend, [height, width]: readonly [number, number]): Bend {
  const rows = Array.from({ length: height }, (_, row) => between(row / (height - 1)));
  const columns = Array.from({ length: width }, (_, column) => between(column / (width - 1)));
  const field = (moves: Float64Array): Float64Array => {
    const lines = Array.from({ length: points }, (_, line) =>
      columns.map(({ first, values }) =>
        values.reduce((sum, part, b) => sum + part * moves[line * points + first + b], 0),
      ),
    );
    const all = new Float64Array(height * width);
    rows.forEach(({ first, values: [a, b, c, d] }, row) => {
      for (let column = 0; column < width; column++)
        all[row * width + column] =
          a * lines[first][column] +
          b * lines[first + 1][column] +
          c * lines[first + 2][column] +
          d * lines[first + 3][column];
    });
    return all;
  };
  return { down: field(down), right: field(right) };
}
