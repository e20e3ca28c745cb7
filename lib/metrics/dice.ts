/**
 * `2 |A B| / (|A| + |B|)` over all voxels, 0 to 1. Two empty masks agree: 1. One empty mask: 0.
 * @param a non-zero inside
 */
export function volumetricDice(a: Uint8Array, b: Uint8Array): number {
  const { both, inA, inB } = overlap(a, b, 0, a.length);
  return inA + inB === 0 ? 1 : (2 * both) / (inA + inB);
}

/** Dice of both classes of one slice. */
export interface ClassDice {
  readonly background: number;
  readonly foreground: number;
}

/**
 * The Dice of the official code (`utils/loss.py:37-62`) of each slice and class: `2 |A B| / (|A| + |B| + 1e-5)`, so that two
 * empty foregrounds give 0 for the foreground.
 * @param a predicted classes `[slice, pixel]`, 0 or 1
 */
export function officialClassDice(a: Uint8Array, b: Uint8Array, slices: number): ClassDice[] {
  const area = a.length / slices;
  return Array.from({ length: slices }, (_, slice) => {
    const { both, inA, inB } = overlap(a, b, slice * area, (slice + 1) * area);
    return {
      background: (2 * (area - inA - inB + both)) / (2 * area - inA - inB + 1e-5),
      foreground: (2 * both) / (inA + inB + 1e-5),
    };
  });
}

/**
 * The official Dice of each slice: the mean over background and foreground. @param a predicted classes `[slice, pixel]`, 0 or 1
 */
export function officialSliceDice(a: Uint8Array, b: Uint8Array, slices: number): number[] {
  return officialClassDice(a, b, slices).map(({ background, foreground }) => (foreground + background) / 2);
}

function overlap(a: Uint8Array, b: Uint8Array, start: number, end: number): { both: number; inA: number; inB: number } {
  if (a.length !== b.length) throw new RangeError(`masks of ${a.length} and ${b.length} voxels`);
  let [both, inA, inB] = [0, 0, 0];
  for (let i = start; i < end; i++) {
    if (a[i]) inA++;
    if (b[i]) inB++;
    if (a[i] && b[i]) both++;
  }
  return { both, inA, inB };
}
