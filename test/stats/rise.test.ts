import assert from "node:assert/strict";
import { test } from "node:test";
import { riseAtEnd, riseMargin, stillRises } from "../../lib/stats/rise";

const curve = (rounds: number, of: (share: number) => number) =>
  Array.from({ length: rounds }, (_, round) => of((round + 1) / rounds));

test("the rise of a line is its slope times a fifth of its length", () => {
  for (const slope of [0, 0.01, 0.2, -0.1])
    assert.ok(Math.abs((riseAtEnd(curve(100, (t) => 0.3 + slope * t)) ?? NaN) - slope / 5) < 1e-12);
});

test("of a saturating curve the rise is that of the integral over its last two fifths", () => {
  // 0.9 - exp(-k t): the mean over [a, b] is 0.9 - (exp(-k a) - exp(-k b)) / (k (b - a)).
  for (const k of [2, 5, 20]) {
    const part = (a: number, b: number) => (Math.exp(-k * a) - Math.exp(-k * b)) / (k * (b - a));
    const rise = riseAtEnd(curve(10000, (t) => 0.9 - Math.exp(-k * t))) ?? NaN;
    assert.ok(Math.abs(rise - (part(0.6, 0.8) - part(0.8, 1))) < 1e-4);
  }
});

test("a curve that has come to its end does not rise, one that was cut off does", () => {
  const learning = (rounds: number, k: number) => curve(rounds, (t) => 0.9 * (1 - Math.exp(-k * t)));
  assert.equal(stillRises(learning(100, 30)), false, "flat since long");
  assert.equal(stillRises(learning(100, 3)), true, "exp(-3) is left");
  assert.equal(stillRises(curve(100, () => 0.8)), false);
  assert.equal(stillRises(curve(100, (t) => 0.9 - 0.2 * t)), false, "it falls");
  const noise = (round: number) => 0.02 * (round % 2 === 0 ? 1 : -1);
  assert.equal(stillRises(Array.from({ length: 100 }, (_, round) => 0.8 + noise(round))), false, "noise alone");
  assert.equal(stillRises(curve(100, (t) => 5 * riseMargin * 0.99 * t)), false);
  assert.equal(stillRises(curve(100, (t) => 5 * riseMargin * 1.01 * t)), true);
});

test("of fewer than ten rounds nothing is said", () => {
  assert.equal(riseAtEnd(curve(9, (t) => t)), undefined);
  assert.equal(stillRises(curve(9, (t) => t)), false);
  assert.notEqual(riseAtEnd(curve(10, (t) => t)), undefined);
});
