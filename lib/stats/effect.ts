import { mean } from "../core/mean";
import { standardDeviation } from "./summary";

/**
 * How large differences of pairs are beside how far they scatter: their mean over their standard deviation (Cohen's d of pairs), times
 * Hedges' factor for few pairs (J. Educational Statistics 6:107-128, 1981). NaN of fewer than two, and where all are equal.
 */
export function pairedEffect(differences: readonly number[]): number {
  const deviation = standardDeviation(differences);
  if (!(deviation > 0)) return NaN;
  return (mean(differences) / deviation) * (1 - 3 / (4 * (differences.length - 1) - 1));
}

/**
 * What a pair adds to the probability of improvement, that one is better than the other on a case drawn at random: 1, or 0, and a half where
 * both are equal. Its mean is that probability, and its interval that of a mean.
 */
export const improvement = (difference: number): number => (Math.sign(difference) + 1) / 2;
