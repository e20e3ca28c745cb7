import { mean } from "../core/mean";
import { studentQuantile } from "./distributions";

/** The mean of a sample with its t interval. */
export interface MeanInterval {
  readonly count: number;
  readonly mean: number;
  /** Standard deviation of the sample, divided by n - 1; NaN for one value. */
  readonly deviation: number;
  readonly standardError: number;
  readonly low: number;
  readonly high: number;
}

/** @returns the standard deviation with divisor n - 1; NaN for fewer than two values */
export function standardDeviation(values: readonly number[]): number {
  const centre = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - centre) * (value - centre), 0);
  return values.length < 2 ? NaN : Math.sqrt(squares / (values.length - 1));
}

/** Student's interval of the mean. @param confidence for example 0.95 */
export function meanInterval(values: readonly number[], confidence = 0.95): MeanInterval {
  const [centre, deviation] = [mean(values), standardDeviation(values)];
  const standardError = deviation / Math.sqrt(values.length);
  const reach = values.length < 2 ? NaN : studentQuantile((1 + confidence) / 2, values.length - 1) * standardError;
  return { count: values.length, mean: centre, deviation, standardError, low: centre - reach, high: centre + reach };
}
