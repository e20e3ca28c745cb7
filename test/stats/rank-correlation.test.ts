import assert from "node:assert/strict";
import { test } from "node:test";
import { rankCorrelation } from "../../lib/stats/rank-correlation";

test("ranks correlate as SciPy has it, ties included", () => {
  // scipy.stats.spearmanr([1, 2, 3, 4, 5], [5, 6, 7, 8, 7]), the example of its documentation.
  assert.ok(Math.abs(rankCorrelation([1, 2, 3, 4, 5], [5, 6, 7, 8, 7]) - 0.8207826816681233) < 1e-12);
  // Without ties: 1 - 6 sum d^2 / (n (n^2 - 1)), here 1 - 6 (1 + 1 + 0 + 4 + 4) / 120.
  assert.ok(
    Math.abs(
      rankCorrelation(
        [10, 20, 30, 40, 50],
        [0.2, 0.1, 0.3, 0.9, 0.5].map((v) => v * v),
      ) - 0.8,
    ) < 1e-12,
  );
});

test("any rising function gives 1, a falling one -1; what does not vary gives no number", () => {
  const values = [3, -1, 4, 1.5, 9, 2.6];
  assert.equal(rankCorrelation(values, values.map(Math.exp)).toFixed(12), "1.000000000000");
  assert.equal(
    rankCorrelation(
      values,
      values.map((value) => -(value ** 3)),
    ).toFixed(12),
    "-1.000000000000",
  );
  assert.ok(Number.isNaN(rankCorrelation(values, [1, 1, 1, 1, 1, 1])));
  assert.throws(() => rankCorrelation([1, 2], [1]), RangeError);
});
