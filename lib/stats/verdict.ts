/** What a comparison says of a claim that something is better. */
export type Verdict = "holds" | "fails" | "undecided";

interface Seen {
  /** The interval of the difference; NaN where there is none. */
  readonly low: number;
  readonly high: number;
  /** Corrected for the comparisons that were made. */
  readonly p: number;
}

/** What counts as significant. */
const level = 0.05;

/**
 * The rule of `configs/paper/claims.yaml`: a claim holds where the interval lies above zero and the test agrees, and fails where the
 * interval excludes a gain of the margin. @param margin in the unit of the difference
 */
export function verdictOf({ low, high, p }: Seen, margin: number): Verdict {
  if (low > 0 && p < level) return "holds";
  if (high < margin) return "fails";
  return "undecided";
}
