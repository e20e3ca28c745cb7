/** Voxels of two masks together in the largest volumes; numbers that are no ratio of counts find a denominator only far beyond. */
const largest = 2e7;

/**
 * Dice is twice the overlap over the two areas: a ratio of counts, which as text is half as long as its digits and deflates to a third.
 * @returns the ratio in lowest terms, as `12/35`, where dividing gives back the very number and the text is shorter; otherwise nothing
 */
export function ratioOf(value: number): string | undefined {
  if (!(value > 0) || Number.isInteger(value)) return undefined;
  // The convergents of its continued fraction are the nearest of all ratios of their size.
  let [above, below, lastAbove, lastBelow, rest] = [Math.floor(value), 1, 1, 0, value % 1];
  while (above / below !== value) {
    if (rest === 0) return undefined;
    const whole = Math.floor(1 / rest);
    rest = (1 / rest) % 1;
    [above, lastAbove] = [whole * above + lastAbove, above];
    [below, lastBelow] = [whole * below + lastBelow, below];
    if (below > largest) return undefined;
  }
  const text = `${above}/${below}`;
  return text.length < String(value).length ? text : undefined;
}

/** The inverse. @throws TypeError when a text is no ratio of two counts */
export function valueOf(text: string): number {
  const counts = /^(\d{1,16})\/([1-9]\d{0,8})$/.exec(text);
  if (!counts) throw new TypeError("a text in place of a score is no ratio");
  return Number(counts[1]) / Number(counts[2]);
}
