import { mean } from "../core/mean";
import { studentUpperTail } from "./distributions";
import { differences, type Alternative } from "./paired";
import { standardDeviation } from "./summary";

export interface PairedT {
  readonly statistic: number;
  readonly degrees: number;
  readonly p: number;
}

/** Student's t test of the mean difference a - b. NaN where all differences are equal: then there is nothing to divide by. */
export function pairedT(a: readonly number[], b: readonly number[], alternative: Alternative = "two-sided"): PairedT {
  const difference = differences(a, b);
  const degrees = difference.length - 1;
  const statistic = mean(difference) / (standardDeviation(difference) / Math.sqrt(difference.length));
  if (!Number.isFinite(statistic)) return { statistic: NaN, degrees, p: NaN };
  const upper = studentUpperTail(statistic, degrees);
  const p = { greater: upper, less: 1 - upper, "two-sided": 2 * studentUpperTail(Math.abs(statistic), degrees) }[
    alternative
  ];
  return { statistic, degrees, p };
}
