/** An estimate with the bounds of its interval. */
interface Estimate {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/**
 * The difference a - b of two independent means, its interval recovered from theirs (MOVER: Zou and Donner, Statistics in Medicine
 * 27:1693-1702, 2008); intervals that lie askew stay so. NaN bounds where either has none.
 */
export function differenceOfMeans(a: Estimate, b: Estimate): Estimate {
  const mean = a.mean - b.mean;
  const low = mean - Math.hypot(a.mean - a.low, b.high - b.mean);
  const high = mean + Math.hypot(a.high - a.mean, b.mean - b.low);
  return { mean, low, high };
}
