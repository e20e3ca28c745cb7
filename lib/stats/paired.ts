/** Which way a differs from b: `greater` asks whether a exceeds b. */
export type Alternative = "two-sided" | "greater" | "less";

/** @returns a - b, pair by pair. @throws RangeError unless there are as many of each */
export function differences(a: readonly number[], b: readonly number[]): number[] {
  if (a.length !== b.length || a.length === 0) throw new RangeError(`cannot pair ${a.length} values with ${b.length}`);
  return a.map((value, index) => value - b[index]);
}
