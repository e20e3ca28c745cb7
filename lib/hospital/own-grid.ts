/** Where a pixel's centre lies between those of another grid along one axis: the lower neighbour, and the share of the upper. */
interface Between {
  readonly lower: number;
  readonly upper: number;
  readonly share: number;
}

/** Both grids cover the same length; beyond the outermost centres the outermost value counts. */
function between(from: number, to: number): Between[] {
  return Array.from({ length: to }, (_, index) => {
    const place = Math.min(Math.max(((index + 0.5) * from) / to - 0.5, 0), from - 1);
    const lower = Math.floor(place);
    return { lower, upper: Math.min(lower + 1, from - 1), share: place - lower };
  });
}

/**
 * Brings what a network says back to the pixels of an image: the probability of every class linearly between the network's pixels, then
 * the most probable class (the first of equal ones).
 * @param probabilities `[side, side, classes]` @returns `[height, width]`
 */
export function classesOnOwnGrid(
  probabilities: Float32Array,
  side: number,
  classes: number,
  height: number,
  width: number,
): Uint8Array {
  const [rows, columns] = [between(side, height), between(side, width)];
  const mask = new Uint8Array(height * width);
  for (let row = 0; row < height; row++) {
    const { lower: up, upper: down, share: below } = rows[row];
    for (let column = 0; column < width; column++) {
      const { lower: left, upper: right, share: beside } = columns[column];
      let best = -1;
      for (let label = 0; label < classes; label++) {
        const at = (y: number, x: number) => probabilities[(y * side + x) * classes + label];
        const above = (1 - beside) * at(up, left) + beside * at(up, right);
        const under = (1 - beside) * at(down, left) + beside * at(down, right);
        const value = (1 - below) * above + below * under;
        if (value <= best) continue;
        best = value;
        mask[row * width + column] = label;
      }
    }
  }
  return mask;
}
