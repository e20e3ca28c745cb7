import { mean } from "../core/mean";

/**
 * A curve still rises where its last fifth lies higher than the fifth before by more than this: half of what counts as a gain at all in
 * configs/paper/claims.yaml, so that another fifth of training could decide a comparison.
 */
export const riseMargin = 0.005;

/** Values in a fifth below which noise decides. */
const fewest = 2;

/** @returns how much the mean of a curve's last fifth lies above that of the fifth before; `undefined` for fewer than ten values */
export function riseAtEnd(curve: readonly number[]): number | undefined {
  const fifth = Math.floor(curve.length / 5);
  if (fifth < fewest) return undefined;
  return mean(curve.slice(-fifth)) - mean(curve.slice(-2 * fifth, -fifth));
}

export const stillRises = (curve: readonly number[]): boolean => (riseAtEnd(curve) ?? 0) > riseMargin;
