import { normalUpperTail } from "./distributions";
import { differences, type Alternative } from "./paired";

/**
 * `permutation`: exact, all sign flips of the (average) ranks. `exact`: the null distribution without ties, half ranks rounded to the
 * cautious side (SciPy's "exact"). `normal`: the normal approximation with tie correction; `continuity`: and with half a rank of
 * continuity correction.
 */
export type WilcoxonMethod = "permutation" | "exact" | "normal" | "continuity";

export interface Wilcoxon {
  /** Pairs that differ; the others are dropped (zero method "wilcox"). */
  readonly pairs: number;
  readonly positiveRanks: number;
  readonly negativeRanks: number;
  /** The smaller rank sum when two-sided, the positive one otherwise. */
  readonly statistic: number;
  /** Of the normal approximations only. */
  readonly z?: number;
  readonly p: number;
}

/**
 * Wilcoxon's signed-rank test of a - b (Biometrics Bulletin 1:80-83, 1945). Differences are rounded to 12 decimals, so that equal ones
 * are equal. Without a pair that differs p is 1.
 */
export function wilcoxon(
  a: readonly number[],
  b: readonly number[],
  alternative: Alternative = "two-sided",
  method: WilcoxonMethod = "permutation",
): Wilcoxon {
  const difference = differences(a, b)
    .map((value) => Math.round(value * 1e12) / 1e12)
    .filter((value) => value !== 0);
  const { ranks, ties } = averageRanks(difference.map(Math.abs));
  const positiveRanks = ranks.reduce((sum, rank, index) => sum + (difference[index] > 0 ? rank : 0), 0);
  const pairs = ranks.length;
  const negativeRanks = (pairs * (pairs + 1)) / 2 - positiveRanks;
  const statistic = alternative === "two-sided" ? Math.min(positiveRanks, negativeRanks) : positiveRanks;
  const result = { pairs, positiveRanks, negativeRanks, statistic };
  if (pairs === 0) return { ...result, p: 1 };
  if (method === "normal" || method === "continuity") {
    const z = zScore(statistic, pairs, ties, method === "continuity" ? alternative : undefined);
    const p = {
      greater: normalUpperTail(z),
      less: normalUpperTail(-z),
      "two-sided": Math.min(1, 2 * normalUpperTail(Math.abs(z))),
    }[alternative];
    return { ...result, z, p };
  }
  const untied = method === "exact";
  const counts = signFlipCounts(untied ? ranks.map((_, index) => index + 1) : ranks);
  // Sums are counted in half ranks; SciPy's rule rounds a half to the cautious side.
  const below = tail(counts, 0, 2 * (untied ? Math.ceil(positiveRanks) : positiveRanks));
  const above = tail(counts, 2 * (untied ? Math.floor(positiveRanks) : positiveRanks), counts.length - 1);
  return {
    ...result,
    p: { greater: above, less: below, "two-sided": Math.min(1, 2 * Math.min(above, below)) }[alternative],
  };
}

/** @returns ranks from 1, the smallest first; equal values share the mean of their ranks; and how many share each rank */
export function averageRanks(values: readonly number[]): { ranks: number[]; ties: number[] } {
  const order = values.map((_, index) => index).sort((i, j) => values[i] - values[j]);
  const ranks = new Array<number>(values.length);
  const ties: number[] = [];
  for (let start = 0; start < order.length;) {
    let end = start;
    while (end < order.length && values[order[end]] === values[order[start]]) end++;
    for (let place = start; place < end; place++) ranks[order[place]] = (start + 1 + end) / 2;
    ties.push(end - start);
    start = end;
  }
  return { ranks, ties };
}

function zScore(statistic: number, pairs: number, ties: readonly number[], corrected: Alternative | undefined): number {
  const expected = (pairs * (pairs + 1)) / 4;
  const tied = ties.reduce((sum, size) => sum + (size * size * size - size), 0);
  const deviation = Math.sqrt((pairs * (pairs + 1) * (2 * pairs + 1)) / 24 - tied / 48);
  const correction = corrected
    ? { greater: 0.5, less: -0.5, "two-sided": 0.5 * Math.sign(statistic - expected) }[corrected]
    : 0;
  return (statistic - expected - correction) / deviation;
}

/** The share of the 2^n sign patterns that give each sum of positive ranks, in steps of half a rank. */
function signFlipCounts(ranks: readonly number[]): Float64Array {
  let shares = Float64Array.of(1);
  for (const rank of ranks) {
    const next = new Float64Array(shares.length + 2 * rank);
    shares.forEach((share, sum) => {
      next[sum] += share / 2;
      next[sum + 2 * rank] += share / 2;
    });
    shares = next;
  }
  return shares;
}

function tail(shares: Float64Array, first: number, last: number): number {
  return shares.subarray(first, last + 1).reduce((sum, share) => sum + share, 0);
}
