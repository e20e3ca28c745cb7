import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { mean } from "../../lib/core/mean";
import { createRandom } from "../../lib/core/random";
import { percentile } from "../../lib/core/percentile";
import { bootstrapInterval } from "../../lib/stats/bootstrap";
import { normalUpperTail, studentQuantile, studentUpperTail } from "../../lib/stats/distributions";
import { holm } from "../../lib/stats/holm";
import { pairedT } from "../../lib/stats/paired-t";
import { logGamma } from "../../lib/stats/special-functions";
import { meanInterval, standardDeviation } from "../../lib/stats/summary";
import { wilcoxon } from "../../lib/stats/wilcoxon";

const close = (got: number, want: number, tolerance = 1e-12) =>
  assert.ok(Math.abs(got - want) <= tolerance, `${got}, want ${want}`);

test("distributions agree with closed forms", () => {
  for (const t of [-7, -1, 0, 0.3, 2, 50]) {
    close(studentUpperTail(t, 1), 0.5 - Math.atan(t) / Math.PI);
    close(studentUpperTail(t, 2), 0.5 - t / (2 * Math.sqrt(2 + t * t)));
  }
  close(studentQuantile(0.975, 2), 0.95 * Math.sqrt(2 / (4 * 0.975 * 0.025)), 1e-9);
  close(studentQuantile(0.1, 1), Math.tan(Math.PI * (0.1 - 0.5)), 1e-9);
  close(logGamma(5), Math.log(24));
  close(logGamma(0.5), Math.log(Math.PI) / 2);
  // The two ways of computing erfc meet at 2.5.
  close(
    normalUpperTail(2.5 * Math.SQRT2 - 1e-9) - normalUpperTail(2.5 * Math.SQRT2 + 1e-9),
    (2e-9 * Math.exp(-6.25)) / Math.sqrt(2 * Math.PI),
    1e-13,
  );
  assert.equal(normalUpperTail(0), 0.5);
});

test("mean, deviation and interval of a hand-computed sample", () => {
  const { mean: centre, deviation, low, high } = meanInterval([2, 4, 4, 4, 5, 5, 7, 9], 0.95);
  close(centre, 40 / 8);
  close(deviation, Math.sqrt(32 / 7));
  close(high - low, 2 * 2.3646242510102993 * Math.sqrt(32 / 7 / 8), 1e-9);
  assert.deepEqual([meanInterval([3]).mean, meanInterval([3]).low, standardDeviation([3])], [3, NaN, NaN]);
});

test("the permutation test agrees with counting all sign flips, ties and all", () => {
  const values = fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 1, maxLength: 9 });
  fc.assert(
    fc.property(values, (differences) => {
      const kept = differences.filter((value) => value !== 0).map(Math.abs);
      const rank = (size: number) =>
        kept.filter((other) => other < size).length + (kept.filter((other) => other === size).length + 1) / 2;
      const observed = differences.reduce((sum, value) => sum + (value > 0 ? rank(value) : 0), 0);
      let [above, below] = [0, 0];
      for (let signs = 0; signs < 2 ** kept.length; signs++) {
        const sum = kept.reduce((total, size, i) => total + (signs & (1 << i) ? rank(size) : 0), 0);
        if (sum >= observed) above++;
        if (sum <= observed) below++;
      }
      const zero = differences.map(() => 0);
      const share = (count: number) => (kept.length === 0 ? 1 : count / 2 ** kept.length);
      close(wilcoxon(differences, zero, "greater").p, share(above));
      close(wilcoxon(differences, zero, "less").p, share(below));
      close(wilcoxon(differences, zero).p, Math.min(1, 2 * Math.min(share(above), share(below))));
    }),
  );
});

test("of many pairs the expansion agrees with counting, in both tails and with ties", () => {
  const random = createRandom("expansion");
  for (const [pairs, digits] of [
    [120, 12],
    [120, 2],
    [200, 12],
    [300, 2],
  ] as const)
    for (const shift of [-0.3, 0, 0.1, 0.2, 0.4]) {
      const values = Array.from({ length: pairs }, () => Number(random.normal(shift).toFixed(digits)));
      const zeros = values.map(() => 0);
      for (const alternative of ["greater", "less", "two-sided"] as const) {
        const { p } = wilcoxon(values, zeros, alternative);
        assert.equal(p, wilcoxon(values, zeros, alternative, "expansion").p);
        const exact = wilcoxon(values, zeros, alternative, "permutation").p;
        assert.ok(Math.abs(p - exact) < 3e-5, `${pairs} pairs: ${p}, exactly ${exact}`);
        if (exact > 1e-4) assert.ok(Math.abs(p / exact - 1) < 0.04, `${pairs} pairs: ${p}, exactly ${exact}`);
      }
    }
});

test("pairs of which many tie are counted, however many there are: of equal sizes W is binomial", () => {
  // 150 differences of one size, of which 90 are positive: P(X >= 90) of the binomial distribution, summed from its logarithms.
  const values = Array.from({ length: 150 }, (_, index) => (index < 90 ? 1 : -1));
  const choose = (k: number) => logGamma(151) - logGamma(k + 1) - logGamma(151 - k) - 150 * Math.LN2;
  const tail = Array.from({ length: 61 }, (_, index) => Math.exp(choose(90 + index))).reduce((sum, each) => sum + each);
  close(wilcoxon(values, values.map(() => 0), "greater").p, tail, 1e-10); // prettier-ignore
});

test("equal differences tie although their floats differ", () => {
  assert.notEqual(0.3 - 0.2, 0.2 - 0.1);
  close(wilcoxon([0.3, 0.2], [0.2, 0.1], "greater").p, 1 / 4);
  assert.equal(wilcoxon([0.3, 0.1], [0.2, 0.2]).positiveRanks, 1.5);
});

test("degenerate pairs are told, not hidden", () => {
  assert.equal(wilcoxon([1, 2], [1, 2]).p, 1);
  assert.ok(Number.isNaN(pairedT([1, 1], [1, 1]).p));
  assert.throws(() => wilcoxon([1], [1, 2]), RangeError);
});

test("Holm is at least p, keeps the order of p and is at most Bonferroni", () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 12 }), (p) => {
      const adjusted = holm(p);
      p.forEach((value, i) => {
        assert.ok(adjusted[i] >= value && adjusted[i] <= Math.min(1, p.length * value) + 1e-15);
        p.forEach((other, j) => assert.ok(value > other || adjusted[i] <= adjusted[j]));
      });
    }),
  );
});

test("percentiles interpolate like NumPy's", () => {
  close(percentile([4, 1, 3, 2], 0.5), 2.5);
  close(percentile([10, 20, 30], 0.95), 29);
  assert.ok(Number.isNaN(percentile([], 0.5)));
});

test("the interval is the mean's, as far as drawing can tell, and does not take seeds for patients", () => {
  const random = createRandom("bootstrap");
  const cases = Array.from({ length: 40 }, () => [random.normal(0.8, 0.05)]);
  const interval = (strata: readonly (readonly (readonly number[])[])[]) => bootstrapInterval(strata);
  // Of one site and one seed it is Student's, to the last bits.
  const { low, high } = meanInterval(cases.flat());
  close(interval([cases]).low, low);
  close(interval([cases]).high, high);
  // Ten equal seeds of each case carry no information beyond one.
  const width = ({ low: from, high: to }: { low: number; high: number }) => to - from;
  close(width(interval([cases.map(([value]) => Array(10).fill(value) as number[])])), width(interval([cases])));
  // Every stratum counts the same, however many cases it has.
  close(interval([[[1], [1], [1], [1]], [[0]]]).mean, 0.5);
  close(mean([1, 2, 6]), 3);
  assert.throws(() => interval([[[1]], []]), RangeError);
});

test("nine of ten 90 % intervals cover the truth", () => {
  const random = createRandom("coverage");
  let covered = 0;
  for (let trial = 0; trial < 200; trial++) {
    const cases = Array.from({ length: 25 }, () => [random.normal()]);
    const { low, high } = bootstrapInterval([cases], { confidence: 0.9 });
    if (low <= 0 && high >= 0) covered++;
  }
  assert.ok(covered >= 165 && covered <= 195, `${covered} of 200`);
});
