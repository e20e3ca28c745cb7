import { mean } from "../core/mean";
import { averageRanks } from "./wilcoxon";

/**
 * Spearman's rank correlation (American Journal of Psychology 15:72-101, 1904): Pearson's of the ranks, equal values sharing theirs.
 * @returns from -1 to 1; NaN where all values of a side are equal, or there are fewer than two
 * @throws RangeError unless there are as many of each
 */
export function rankCorrelation(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length) throw new RangeError(`cannot correlate ${a.length} values with ${b.length}`);
  const [x, y] = [a, b].map((values) => {
    const { ranks } = averageRanks([...values]);
    const centre = mean(ranks);
    return ranks.map((rank) => rank - centre);
  });
  const products = (u: readonly number[], v: readonly number[]) => u.reduce((sum, value, i) => sum + value * v[i], 0);
  return products(x, y) / Math.sqrt(products(x, x) * products(y, y));
}
