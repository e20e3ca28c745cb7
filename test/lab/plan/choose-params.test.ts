import assert from "node:assert/strict";
import { test } from "node:test";
import { chooseParams } from "../../../lib/lab/plan/choose-params";
import type { FederationRecord, RunRecord } from "../../../lib/records/schema";
import { federation, score } from "../../report/records";

/** A run whose validation cases scored so, site by site; its test scores say the opposite. */
function run(validation: Readonly<Record<string, readonly number[]>>, more: Partial<FederationRecord> = {}): RunRecord {
  const sites = Object.keys(validation);
  const opposite = Object.fromEntries(sites.map((site) => [site, validation[site].map((dice) => 1 - dice)]));
  const { scores, ...rest } = federation("ditto", 7001, opposite, more);
  const validated = sites.map((site) => ({
    site,
    part: "validation" as const,
    model: "personal" as const,
    cases: validation[site].map((dice, index) => score(`Case0${index}`, dice)),
  }));
  return { ...rest, scores: [...scores.filter(({ part }) => part === "test"), ...validated] };
}

const points = [0.1, 1, 2].map((lambda) => ({ method: "ditto", params: { lambda }, job: `lambda ${lambda}` }));
const chosen = (runs: readonly RunRecord[]) =>
  chooseParams(points, new Map(runs.map((each, index) => [points[index].job, each]))).ditto;

test("the point with the best mean over clients of the mean over cases is chosen, whatever test cases say", () => {
  // Over all cases alike the second would be best: client B has one case of three.
  const found = chosen([
    run({ A: [0.5, 0.5], B: [0.5] }),
    run({ A: [0.8, 0.8], B: [0.3] }),
    run({ A: [0.4, 0.4], B: [0.9] }),
  ]);
  assert.deepEqual(found.chosen, { lambda: 2 });
  assert.deepEqual(
    found.grid.map(({ dice }) => dice),
    [0.5, 0.55, 0.65],
  );
});

test("of equal points the first stands, the default; what diverged is never chosen and keeps its place in the grid", () => {
  const diverged = { method: "ditto", problem: "the loss is NaN" };
  const even = run({ A: [0.6, 0.6], B: [0.6] });
  assert.deepEqual(chosen([even, even, even]).chosen, { lambda: 0.1 });
  const found = chosen([run({ A: [0.9] }, { diverged }), even, even]);
  assert.deepEqual(found.chosen, { lambda: 1 });
  assert.deepEqual(
    found.grid.map(({ dice }) => dice),
    [null, 0.6, 0.6],
  );
});
