/**
 * The mean of the middle half of the values: a few failed cases cannot move it, and it tells more than the median. Where a quarter of the
 * values is no whole number, the outermost of the middle count in part.
 * @returns NaN of nothing
 */
export function interquartileMean(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const quarter = sorted.length / 4;
  let total = 0;
  sorted.forEach((value, index) => {
    const share = Math.min(index + 1, sorted.length - quarter) - Math.max(index, quarter);
    total += Math.max(0, share) * value;
  });
  return total / (2 * quarter);
}
