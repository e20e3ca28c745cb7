import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../../lib/core/random";
import { bootstrapInterval } from "../../lib/stats/bootstrap";
import { studentQuantile } from "../../lib/stats/distributions";
import { resampledMeans } from "../../lib/stats/resample";
import { standardDeviation } from "../../lib/stats/summary";

const random = createRandom("resample");
/** Two sites of unlike size, three seeds that move all cases, a value that is missing. */
const strata = [5, 9].map((count) =>
  Array.from({ length: count }, (_, at) => {
    const own = random.normal(0.8, 0.05);
    return [0.01, -0.02, 0.03].map((shift, seed) => (at === 1 && seed === 2 ? undefined : own + shift));
  }),
);

test("the interval's standard error is that of many resamples", () => {
  const draws = 20000;
  const estimates = resampledMeans([strata], { resamples: draws, random: random.child("draws") }).flat();
  const { low, high } = bootstrapInterval(strata);
  // Satterthwaite by hand: sites with 5 and 9 cases, weighing a half each, and three seeds.
  const spread = (values: readonly number[], weight: number) =>
    (weight * standardDeviation(values)) ** 2 / values.length;
  const means = strata.map((cases) =>
    cases.map((values) => {
      const there = values.filter((value): value is number => value !== undefined);
      return there.reduce((sum, value) => sum + value, 0) / there.length;
    }),
  );
  const shifts = [0, 1, 2].map((seed) => {
    const bySite = strata.map((cases, site) => {
      const moved = cases.flatMap((values, at) => {
        const value = values[seed];
        return value === undefined ? [] : [value - means[site][at]];
      });
      return moved.reduce((sum, value) => sum + value, 0) / moved.length;
    });
    return (bySite[0] + bySite[1]) / 2;
  });
  const parts = [spread(means[0], 0.5), spread(means[1], 0.5), spread(shifts, 1)];
  const whole = parts[0] + parts[1] + parts[2];
  const degrees = whole ** 2 / (parts[0] ** 2 / 4 + parts[1] ** 2 / 8 + parts[2] ** 2 / 2);
  const error = (high - low) / 2 / studentQuantile(0.975, degrees);
  // The deviation of 20000 draws is known to half a per cent; five of its own deviations.
  assert.ok(
    Math.abs(standardDeviation(estimates) / error - 1) < 5 / Math.sqrt(2 * draws),
    `${standardDeviation(estimates)}, ${error}`,
  );
});

test("all things see the same draws: what differs by a constant keeps its distance", () => {
  const higher = strata.map((cases) => cases.map((values) => values.map((value) => value && value + 0.1)));
  for (const [low, high] of resampledMeans([strata, higher], { resamples: 50, random: random.child("same") }))
    assert.ok(Math.abs(high - low - 0.1) < 1e-12);
});

test("things of different shapes have no draws in common", () => {
  const other = strata.slice(1);
  assert.throws(() => resampledMeans([strata, other], { resamples: 1, random }), RangeError);
});
