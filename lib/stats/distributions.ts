import { erfc, incompleteBeta } from "./special-functions";

/** P(Z > z) of the standard normal distribution. */
export function normalUpperTail(z: number): number {
  return erfc(z / Math.SQRT2) / 2;
}

/** P(T > t) of Student's distribution. @param degrees of freedom, > 0 */
export function studentUpperTail(t: number, degrees: number): number {
  if (t === -Infinity) return 1;
  const half = incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5) / 2;
  return t > 0 ? half : 1 - half;
}

/** The t below which a share (0 to 1, exclusive) of Student's distribution lies. */
export function studentQuantile(share: number, degrees: number): number {
  if (share < 0.5) return -studentQuantile(1 - share, degrees);
  let [low, high] = [0, 1];
  while (studentUpperTail(high, degrees) > 1 - share) high *= 2;
  // Bisection to the last bit: at most some sixty steps, and it cannot leave the bracket.
  for (;;) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) return middle;
    if (studentUpperTail(middle, degrees) > 1 - share) low = middle;
    else high = middle;
  }
}
