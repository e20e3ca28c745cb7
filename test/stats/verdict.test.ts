import assert from "node:assert/strict";
import { test } from "node:test";
import { verdictOf } from "../../lib/stats/verdict";

/** The rule of configs/paper/claims.yaml, line by line; the margin is 0.01. */
const cases: readonly (readonly [low: number, high: number, p: number, verdict: string])[] = [
  [0.002, 0.03, 0.01, "holds"],
  [0.002, 0.03, 0.06, "undecided"], // the test does not agree
  [0, 0.03, 0.01, "undecided"], // zero is not excluded
  [-0.02, 0.009, 0.6, "fails"], // a gain of the margin is excluded
  [-0.05, -0.02, 0.001, "fails"],
  [0.001, 0.008, 0.001, "holds"], // smaller than the margin, but there
  [0.001, 0.008, 0.2, "fails"],
  [-0.02, 0.01, 0.6, "undecided"],
  [NaN, NaN, 0.001, "undecided"], // no interval
];

for (const [low, high, p, verdict] of cases)
  test(`[${low}, ${high}] with p = ${p} ${verdict === "undecided" ? "is undecided" : verdict}`, () => {
    assert.equal(verdictOf({ low, high, p }, 0.01), verdict);
  });
