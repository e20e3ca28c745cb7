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
  const centre = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanX, meanY] = [centre(x), centre(y)];
  const products = x.reduce((sum, value, index) => sum + (value - meanX) * (y[index] - meanY), 0);
  return products / x.reduce((sum, value) => sum + (value - meanX) ** 2, 0);
}
