/** The value below which a share (0 to 1) of the values lies, with linear interpolation (NumPy's default); NaN of nothing. */
export function percentile(values: ArrayLike<number>, share: number): number {
  return percentileOfSorted(Float64Array.from(values).sort(), share);
}

/** The same of values that ascend already. */
export function percentileOfSorted(sorted: ArrayLike<number>, share: number): number {
  if (sorted.length === 0) return NaN;
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}
