/** Which input pixels an output pixel covers along one axis, and how much of each. */
interface Cover {
  readonly first: number;
  readonly weights: readonly number[];
}

/** Cuts an axis of `from` pixels into `to` equal parts; the weights of each part sum to 1. */
function covers(from: number, to: number): Cover[] {
  return Array.from({ length: to }, (_, index) => {
    const [start, end] = [(index * from) / to, ((index + 1) * from) / to];
    const first = Math.floor(start);
    const weights: number[] = [];
    for (let pixel = first; pixel < Math.min(end, from); pixel++)
      weights.push(((Math.min(end, pixel + 1) - Math.max(start, pixel)) * to) / from);
    return { first, weights };
  });
}

/**
 * Resizes every slice of a volume by averaging over the area that each new pixel covers. The mean of a slice stays.
 * @param voxels `[depth, height, width]`
 * @returns `[depth, toHeight, toWidth]`
 */
export function resizeSlices(
  voxels: ArrayLike<number>,
  [depth, height, width]: readonly [number, number, number],
  toHeight: number,
  toWidth: number,
): Float32Array {
  const [rows, columns] = [covers(height, toHeight), covers(width, toWidth)];
  const resized = new Float32Array(depth * toHeight * toWidth);
  for (let slice = 0; slice < depth; slice++) {
    for (let row = 0; row < toHeight; row++) {
      for (let column = 0; column < toWidth; column++) {
        let sum = 0;
        rows[row].weights.forEach((rowWeight, i) => {
          const start = (slice * height + rows[row].first + i) * width + columns[column].first;
          columns[column].weights.forEach((weight, j) => (sum += rowWeight * weight * voxels[start + j]));
        });
        resized[(slice * toHeight + row) * toWidth + column] = sum;
      }
    }
  }
  return resized;
}
