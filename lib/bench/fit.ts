import { mean, sum } from "../core/mean";

/**
 * The slope of a straight line through (log x, log y), by least squares: the exponent p of `y = c x^p`.
 * @param x, y positive, at least two different x
 */
export function fitExponent(x: readonly number[], y: readonly number[]): number {
  if (x.length !== y.length || new Set(x).size < 2)
    throw new RangeError(`cannot fit ${y.length} values over ${new Set(x).size} sizes`);
  return fitSlope(x.map(Math.log), y.map(Math.log));
}

/** The slope of a straight line through (x, y), by least squares. */
export function fitSlope(x: readonly number[], y: readonly number[]): number {
  const [meanX, meanY] = [mean(x), mean(y)];
  const products = x.map((value, index) => (value - meanX) * (y[index] - meanY));
  return sum(products) / sum(x.map((value) => (value - meanX) ** 2));
}
