import assert from "node:assert";
import { test } from "node:test";
import { extrapolatePaper } from "../../lib/bench/extrapolate";
import type { BenchResult, SideResult } from "../../lib/bench/results";

const side = (median: number) => ({ id: "webgpu", label: "webgpu", device: "a card", median }) as SideResult;
const measured = (step: number, routing: number, inference: number) =>
  ({
    cases: [
      { id: "training 5x384x384/32, 2 threads", sides: [side(step)] },
      { id: "routing 5x384x384/32, 2 threads", sides: [side(routing)] },
      { id: "inference 16x384x384/32, 2 threads", sides: [side(inference)] },
    ],
  }) as unknown as Pick<BenchResult, "cases">;
const hours = (...times: [number, number, number]) => extrapolatePaper(measured(...times))[0].hours;
/** Small enough to count for nothing; a step that takes no time would count as not measured. */
const none = 1e-9;

test("hours are sums of steps, routing steps and predictions, each as often as the definitions say", () => {
  const [step, routing, predict] = [hours(36, none, none), hours(none, 36, none), hours(none, none, 36)];
  assert.ok(Math.abs(hours(36, 36, 36) - (step + routing + predict)) < 1e-6);
  assert.ok(Math.abs(hours(72, none, none) - 2 * step) < 1e-6);
  // 1,867 labelled slices, ten passes over each site in batches of five: every method that routes takes about 3,700 routing steps of 36 ms.
  const routed = routing / (((1867 / 5) * 10 * 0.036) / 3600);
  assert.ok(routed > 3 && Math.abs(routed - Math.round(routed)) < 0.05, `${routed} methods route`);
});

test("what was not measured is not extrapolated", () => {
  const { cases } = measured(1, 1, 1);
  assert.deepStrictEqual(extrapolatePaper({ cases: cases.slice(1) }), []);
  assert.deepStrictEqual(extrapolatePaper({ cases: cases.slice(0, 2) }), []);
});
