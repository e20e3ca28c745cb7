import { combine, distance, type State } from "../../core/state";

/** u_k = sum_j xi_kj w_j. While all models are equal, u_k is w_k. */
export function cloudModel(
  models: readonly State[],
  client: number,
  { sigma, alpha }: { readonly sigma: number; readonly alpha: number },
): State {
  const weights = attention(models, sigma, alpha)[client];
  return combine(models, weights);
}

/** xi: symmetric, rows sum to 1; the kernel is alpha_K / sigma exp(-d / (sigma median d)) of squared distances d over trained entries. */
export function attention(models: readonly State[], sigma: number, alpha: number): number[][] {
  const squares = models.map((one) => models.map((other) => distance(one, other) ** 2));
  const middle = median(squares.flatMap((row, i) => row.slice(i + 1)));
  return squares.map((row, i) => {
    const others = row.map((d, j) => (i === j || middle === 0 ? 0 : (alpha / sigma) * Math.exp(-d / (sigma * middle))));
    others[i] = 1 - others.reduce((sum, weight) => sum + weight, 0);
    return others;
  });
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}
