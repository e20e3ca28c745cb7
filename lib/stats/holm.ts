/**
 * Holm's step-down correction (Scand. J. Statistics 6:65-70, 1979): adjusted p values in the order given, never decreasing in p, at
 * most 1.
 */
export function holm(pValues: readonly number[]): number[] {
  const order = pValues.map((_, index) => index).sort((i, j) => pValues[i] - pValues[j]);
  const adjusted = new Array<number>(pValues.length);
  let running = 0;
  order.forEach((index, place) => {
    running = Math.max(running, Math.min(1, (pValues.length - place) * pValues[index]));
    adjusted[index] = running;
  });
  return adjusted;
}
