import assert from "node:assert/strict";
import { test } from "node:test";
import { compareMethods, testMethods } from "../../lib/report/compare-methods";
import { nearBest } from "../../lib/report/near-best";
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

test("what is not significantly worse than the best is marked, in the column over all sites", () => {
  const ids = Array.from({ length: 8 }, (_, at) => `Case${at}`);
  const of = (method: string, away: (at: number) => number) =>
    ["HK", "UCL"].flatMap((site) => ids.map((id, at) => caseOf(method, site, id, 0.5 + away(at))));
  // Sixteen cases: far is worse in each of them (p = 2 / 2^16), level in half of them by as much as it is better in the others, but one.
  const cases = [
    ...of("best", () => 0),
    ...of("level", (at) => (at % 2 === 0 ? 0.01 : -0.01) - (at === 7 ? 0.005 : 0)),
    ...of("far", (at) => -0.1 - at / 100),
  ];
  const methods = ["best", "level", "far"].map((label) => ({
    label,
    cases: cases.filter(({ method }) => method === label),
    diverged: [],
  }));
  const cells = methods.map(({ label }) => ({ value: 0, digits: 3, best: label === "best" }));
  assert.deepEqual(
    nearBest(cells, methods, cases).map(({ near }) => near),
    [undefined, true, undefined],
  );
  const tests = testMethods(cases, "best");
  // The same as where intervals are asked for as well.
  for (const { method, p } of compareMethods(cases, "best")) assert.equal(tests.get(method), p);
});

test("on how many cases the reference is better, sites counting the same and ties half, and how large the effect is", () => {
  const ids = ["1", "2", "3", "4"];
  const differences: Record<string, readonly number[]> = { HK: [0.1, 0.2, 0, -0.1], UCL: [0.1, 0.3] };
  const cases = Object.entries(differences).flatMap(([site, of]) =>
    of.flatMap((difference, at) => [caseOf("a", site, ids[at], 0.5 + difference), caseOf("b", site, ids[at], 0.5)]),
  );
  const [{ improves, effect }] = compareMethods(cases, "a");
  assert.ok(Math.abs(improves.mean - (2.5 / 4 + 1) / 2) < 1e-12);
  assert.ok(improves.low < improves.mean && improves.high === 1);
  // Six differences of mean 0.1, squares of their distances 0.1; Hedges' factor 1 - 3 / 19.
  assert.ok(Math.abs(effect - (0.1 / Math.sqrt(0.1 / 5)) * (16 / 19)) < 1e-9);
});

test("Student's interval and test count each case alike, and are corrected among themselves", () => {
  const ids = ["1", "2", "3", "4", "5", "6"];
  const cases = ids.flatMap((id, at) => [
    caseOf("ours", at < 2 ? "HK" : "UCL", id, 0.8 + at / 100),
    caseOf("a", at < 2 ? "HK" : "UCL", id, 0.7),
    caseOf("b", at < 2 ? "HK" : "UCL", id, 0.55 + at / 100),
  ]);
  const [{ student: a }, { student: b }] = compareMethods(cases, "ours");
  // Differences 0.10 to 0.15: deviation sqrt(3.5) / 100; the quantile of 5 degrees of freedom from a printed table.
  const error = Math.sqrt(3.5 / 6) / 100;
  assert.ok(Math.abs(a.mean - 0.125) < 1e-12);
  assert.ok(
    Math.abs(a.low - (0.125 - 2.570582 * error)) < 1e-7 && Math.abs(a.high - (0.125 + 2.570582 * error)) < 1e-7,
  );
  // For 5 degrees of freedom the distribution is elementary; doubled for two methods.
  const angle = Math.atan(0.125 / error / Math.sqrt(5));
  const [sine, cosine] = [Math.sin(angle), Math.cos(angle)];
  const p = 1 - (2 / Math.PI) * (angle + sine * (cosine + (2 / 3) * cosine ** 3));
  assert.ok(Math.abs(a.p - 2 * p) < 1e-9, `${a.p}, want ${2 * p}`);
  // Equal differences have no t, up to rounding: 0.25 in each case.
  assert.ok(Number.isNaN(b.p) || b.p < 1e-9);
});
