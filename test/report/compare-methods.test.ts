import assert from "node:assert/strict";
import { test } from "node:test";
import { compareMethods } from "../../lib/report/compare-methods";
import { caseOf } from "./records";

test("six cases that all improve: the exact two-sided p is 2 / 2^6, doubled by Holm for two methods", () => {
  const ids = ["1", "2", "3", "4", "5", "6"];
  const cases = ids.flatMap((id, index) => [
    caseOf("ours", "HK", id, 0.8 + index / 100),
    caseOf("a", "HK", id, 0.7),
    caseOf("b", "HK", id, 0.6 - index / 100),
  ]);
  const [a, b] = compareMethods(cases, "ours");
  assert.deepEqual([a.method, b.method, a.n], ["a", "b", 6]);
  assert.ok(Math.abs(a.p - 4 / 64) < 1e-12 && Math.abs(b.p - 4 / 64) < 1e-12);
  assert.ok(Math.abs(a.difference - 0.125) < 1e-12);
  assert.ok(a.low > 0.1 && a.high < 0.15 && a.low < a.difference && a.difference < a.high);
});

test("seeds are averaged within a case, and sites count the same whatever their number of cases", () => {
  const cases = [
    caseOf("ours", "HK", "1", 0.9),
    caseOf("ours", "HK", "1", 0.7, 1),
    caseOf("a", "HK", "1", 0.5),
    caseOf("a", "HK", "1", 0.5, 1),
    caseOf("ours", "UCL", "1", 0.5),
    caseOf("a", "UCL", "1", 0.5),
    caseOf("ours", "UCL", "2", 0.6),
    caseOf("a", "UCL", "2", 0.5),
  ];
  const [a] = compareMethods(cases, "ours");
  assert.equal(a.n, 3);
  assert.ok(Math.abs(a.difference - (0.3 + 0.05) / 2) < 1e-12);
});
