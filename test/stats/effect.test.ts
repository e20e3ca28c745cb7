import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../../lib/core/random";
import { mean } from "../../lib/core/mean";
import { bootstrapInterval } from "../../lib/stats/bootstrap";
import { normalUpperTail } from "../../lib/stats/distributions";
import { improvement, pairedEffect } from "../../lib/stats/effect";
import { interquartileMean } from "../../lib/stats/interquartile-mean";
import { pairedT } from "../../lib/stats/paired-t";
import { kendallTau, rankStability } from "../../lib/stats/rank-stability";

const close = (got: number, want: number, tolerance = 1e-12) =>
  assert.ok(Math.abs(got - want) <= tolerance, `${got}, want ${want}`);

test("the effect of pairs is t over the root of n, times Hedges' factor", () => {
  const differences = [0.03, -0.01, 0.02, 0.05, 0.01];
  const { statistic } = pairedT(differences, [0, 0, 0, 0, 0]);
  close(pairedEffect(differences), (statistic / Math.sqrt(5)) * (12 / 15));
  // The factor makes it unbiased: over many small samples its mean is the true effect.
  const random = createRandom("hedges");
  const effects = Array.from({ length: 20000 }, () =>
    pairedEffect(Array.from({ length: 8 }, () => random.normal(0.5, 1))),
  );
  close(mean(effects), 0.5, 0.02);
  for (const none of [[], [1], [2, 2, 2]]) assert.ok(Number.isNaN(pairedEffect(none)));
});

test("the probability of improvement of normal differences is Phi of their effect, its interval covers it, ties are half", () => {
  assert.deepEqual([0.2, 0, -0.1].map(improvement), [1, 0.5, 0]);
  const random = createRandom("improvement");
  const truth = 1 - normalUpperTail(0.4);
  const draw = (count: number) => Array.from({ length: count }, () => improvement(random.normal(0.4)));
  close(mean(draw(100000)), truth, 0.006);
  let covered = 0;
  for (let trial = 0; trial < 400; trial++) {
    const sites = Array.from({ length: 6 }, () => draw(8).map((value) => [value]));
    const { low, high } = bootstrapInterval(sites, { range: [0, 1] });
    if (low <= truth && truth <= high) covered++;
  }
  assert.ok(covered >= 0.92 * 400, `${covered} of 400`);
});

test("the interquartile mean agrees with textbook samples, and failures do not move it", () => {
  close(interquartileMean([5, 8, 4, 38, 8, 6, 9, 7, 7, 3, 1, 6]), 6.5);
  close(interquartileMean([1, 3, 5, 7, 9, 11, 13, 15, 17]), 9);
  // Of five values the middle one and three quarters of those beside it: (0.75 * 2 + 3 + 0.75 * 10) / 2.5.
  close(interquartileMean([1, 2, 3, 10, 99]), 12 / 2.5);
  close(interquartileMean([0.7, 0.9]), 0.8);
  close(interquartileMean([0, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8]), 0.8);
  assert.ok(Number.isNaN(interquartileMean([])));
});

test("Kendall's tau of orders counted by hand, with ties", () => {
  close(kendallTau([1, 2, 3, 4], [1, 2, 3, 4]), 1);
  close(kendallTau([1, 2, 3, 4], [4, 3, 2, 1]), -1);
  close(kendallTau([1, 2, 3, 4], [1, 3, 2, 4]), 4 / 6);
  close(kendallTau([1, 2, 2, 4], [1, 2, 3, 4]), 5 / Math.sqrt(5 * 6));
  close(kendallTau([1, 1], [1, 2]), 0);
});

test("an order is as stable as the difference is sure: of two normal means tau is 2 Phi(d / error) - 1", () => {
  const random = createRandom("order");
  const noise = Array.from({ length: 60 }, () => random.normal());
  const centred = noise.map((value) => value - mean(noise));
  for (const shift of [0.05, 0.15, 0.6]) {
    const better = [centred.map((value) => [value + shift])];
    const worse = [centred.map(() => [0])];
    const { low, high } = bootstrapInterval(better);
    const { tau, places } = rankStability([worse, better], random.child(shift));
    // Half the interval is Student's quantile (59 degrees: 2.001) times the error.
    const error = (high - low) / 2 / 2.001;
    close(tau, 1 - 2 * normalUpperTail(shift / error), 0.06);
    assert.deepEqual(places.map(({ place }) => place), [2, 1]); // prettier-ignore
  }
});

test("an order that nothing can change is certain", () => {
  const things = [0.9, 0.5, 0.7].map((level) => [[[level], [level + 0.01], [level - 0.01]]]);
  const { tau, low, high, places } = rankStability(things, createRandom("sure"));
  assert.deepEqual([tau, low, high], [1, 1, 1]);
  assert.deepEqual(
    places.map((each) => Object.values(each)),
    [
      [1, 1, 1],
      [3, 3, 3],
      [2, 2, 2],
    ],
  );
});
