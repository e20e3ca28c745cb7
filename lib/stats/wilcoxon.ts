import { normalUpperTail } from "./distributions";
import { differences, type Alternative } from "./paired";
import { countedTails, expandedTails, type Tails } from "./sign-flips";

/**
 * `permutation`: exact, all sign flips of the (average) ranks. `expansion`: the same by an Edgeworth expansion, for many pairs. `exact`: the
 * null distribution without ties, half ranks rounded to the cautious side (SciPy's "exact"). `normal`: the normal approximation with tie
 * correction; `continuity`: and with half a rank of continuity correction.
 */
export type WilcoxonMethod = "permutation" | "expansion" | "exact" | "normal" | "continuity";

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
 * @param method by default exact, of more than a hundred pairs by expansion unless many of them tie
 */
export function wilcoxon(
  a: readonly number[],
  b: readonly number[],
  alternative: Alternative = "two-sided",
  method?: WilcoxonMethod,
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
  const { above, below } = tailsOf(ranks, positiveRanks, method ?? methodFor(ties, pairs));
  return {
    ...result,
    p: { greater: above, less: below, "two-sided": Math.min(1, 2 * Math.min(above, below)) }[alternative],
  };
}

/** Of more pairs the expansion is as good as any printed p, and counting takes seconds. */
const mostCounted = 100;
/** The share of pairs with one difference from which sums lie too far apart for a smooth curve. */
const heavyTie = 0.1;

const methodFor = (ties: readonly number[], pairs: number): WilcoxonMethod =>
  pairs <= mostCounted || Math.max(...ties) > heavyTie * pairs ? "permutation" : "expansion";

function tailsOf(ranks: readonly number[], positive: number, method: WilcoxonMethod): Tails {
  if (method === "expansion") return expandedTails(ranks, positive);
  if (method === "permutation") return countedTails(ranks, positive);
  const untied = ranks.map((_, index) => index + 1);
  // SciPy's rule rounds a half to the cautious side.
  return countedTails(untied, Math.ceil(positive), Math.floor(positive));
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
