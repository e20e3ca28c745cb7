/**
 * Taylor's series of the cosine (from the power 0) or the sine (from 1): of additions and multiplications, since the sines of JavaScript differ
 * in their last bit between versions of V8.
 */
function series(angle: number, from: 0 | 1): number {
  let term = from === 0 ? 1 : angle;
  let sum = term;
  for (let power = from + 2; power < 24; power += 2) {
    term *= (-angle * angle) / (power * (power - 1));
    sum += term;
  }
  return sum;
}

/** The same bits on every machine. @param angle in radians, up to a quarter of a turn either way */
export const cosineOf = (angle: number): number => series(angle, 0);

/** The same bits on every machine. @param angle in radians, up to a quarter of a turn either way */
export const sineOf = (angle: number): number => series(angle, 1);
