import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createLayout } from "../../lib/core/layout";
import { distance, hashState, lerp, overlay, valuesOf, weightedMean, type State } from "../../lib/core/state";
import { any, both, not, where } from "../../lib/core/where";

const layout = createLayout([
  { name: "conv.weight", shape: [2, 2], role: "kernel", block: "head" },
  { name: "bn.running_mean", shape: [2], role: "mean", block: "body" },
  { name: "bn.num_batches_tracked", shape: [], role: "counter", block: "body" },
]);
const state = (...values: number[]): State => ({ layout, values: Float32Array.from(values) });
const a = state(1, 2, 3, 4, 10, 20, 5);
const b = state(3, 2, 1, 0, 20, 40, 7);

test("lerp keeps the given share of the past", () => {
  assert.deepEqual(
    [...lerp(a, b, 0.25).values],
    [0.25 * 1 + 0.75 * 3, 2, 0.25 * 3 + 0.75 * 1, 0.25 * 4, 17.5, 35, 6.5],
  );
  assert.deepEqual([...lerp(a, b, 1).values], [...a.values]);
});

test("the weighted mean is McMahan's sum of n_k/n w_k", () => {
  assert.deepEqual(
    [...weightedMean([a, b], [3, 1]).values],
    [(3 * 1 + 3) / 4, 2, (3 * 3 + 1) / 4, (3 * 4) / 4, 12.5, 25, 5.5],
  );
  assert.throws(() => weightedMean([a, b], [0, 0]), /weights that sum to 0/);
  assert.throws(() => weightedMean([], []), /cannot average 0 states/);
});

test("averaging is linear, does not care for the scale of the weights, and leaves equal states as they are", () => {
  const numbers = fc.array(fc.float({ noNaN: true, min: -100, max: 100 }), { minLength: 7, maxLength: 7 });
  const weight = fc.integer({ min: 1, max: 500 });
  fc.assert(
    fc.property(numbers, numbers, weight, weight, (x, y, m, n) => {
      const mean = weightedMean([state(...x), state(...y)], [m, n]).values;
      const scaled = weightedMean([state(...x), state(...y)], [10 * m, 10 * n]).values;
      const exchanged = weightedMean([state(...y), state(...x)], [n, m]).values;
      for (let i = 0; i < 7; i++) {
        const want = (m * Math.fround(x[i]) + n * Math.fround(y[i])) / (m + n);
        const tolerance = 1e-6 * (Math.abs(x[i]) + Math.abs(y[i])) + 1e-30;
        for (const got of [mean[i], scaled[i], exchanged[i]])
          assert.ok(Math.abs(got - want) <= tolerance, `${got} is not ${want}`);
      }
      assert.deepEqual(
        weightedMean([state(...x), state(...x)], [m, n]).values.map(Math.abs),
        state(...x).values.map(Math.abs),
      );
    }),
  );
});

test("overlay, distance, views and hashes", () => {
  assert.deepEqual([...overlay(a, b, where.norm).values], [1, 2, 3, 4, 20, 40, 7]);
  assert.equal(distance(a, b), Math.sqrt(4 + 0 + 4 + 16));
  assert.deepEqual([...valuesOf(a, "bn.running_mean")], [10, 20]);
  assert.throws(() => valuesOf(a, "fc.weight"), /no entry "fc.weight"/);
  assert.notEqual(hashState(a), hashState(b));
  assert.equal(hashState(a), hashState(state(...a.values)));
});

test("states of different networks cannot be mixed", () => {
  const other: State = {
    layout: createLayout([{ name: "conv.weight", shape: [7], role: "kernel", block: "head" }]),
    values: new Float32Array(7),
  };
  assert.throws(() => lerp(a, other, 0.5), /differ in layout/);
});

test("entries are selected by what they are", () => {
  const chosen = (selected: typeof where.norm) => layout.filter(selected).map(({ name }) => name);
  const [kernel, mean, counter] = layout.map(({ name }) => name);
  assert.deepEqual(chosen(where.trained), [kernel]);
  assert.deepEqual(chosen(where.statistic), [mean, counter]);
  assert.deepEqual(chosen(not(where.head)), [mean, counter]);
  assert.deepEqual(chosen(any(where.head, where.counter)), [kernel, counter]);
  assert.deepEqual(chosen(both(where.block("body"), where.running)), [mean]);
});
