import "../support/own-folders";
import assert from "node:assert/strict";
import { test } from "node:test";
import { adjusted, adjustmentArguments, type Adjustment } from "../../../lib/lab/plan/adjust";
import { planJobs } from "../../../lib/lab/plan/jobs";
import type { Experiment } from "../../../lib/records/config";
import { changedParams, paramsLabel } from "../../../lib/records/params-label";
import { smallPlan } from "../support/small-plan";

const methods = [{ id: "fedavg" }, { id: "apfl" }, { id: "iop-fl", variant: "own" }];
const inside = {
  ...smallPlan.experiment,
  id: "inside",
  kind: "inside",
  methods: methods.map((method) => ({ params: {}, ...method })),
} as unknown as Experiment;
const jobs = (experiment: Experiment, adjustment: Adjustment) =>
  planJobs({ ...smallPlan, ...adjusted({ ...smallPlan, experiment }, adjustment) });
const names = (adjustment: Adjustment, experiment = inside) => jobs(experiment, adjustment).map(({ name }) => name);

test("a changed parameter makes other jobs under other names, and says so in the variant that tables show", () => {
  assert.deepEqual(names({}), ["fedavg.seed0", "apfl.seed0", "iop-fl.own.seed0"]);
  assert.deepEqual(names({ params: { alpha: 0.25 } }), [
    "fedavg.seed0", // has no alpha
    "apfl.alpha=0.25.seed0",
    "iop-fl.own,alpha=0.25.seed0",
  ]);
  const one: Adjustment = { params: { apfl: { alpha: 0.25 } } };
  assert.deepEqual(names(one), ["fedavg.seed0", "apfl.alpha=0.25.seed0", "iop-fl.own.seed0"]);
  assert.deepEqual(names({ params: { own: { alpha: 0.1 } } })[2], "iop-fl.own.seed0", "0.1 is the default");
  const [, apfl] = jobs(inside, one);
  assert.equal(apfl.variant, "alpha=0.25");
  assert.deepEqual(apfl.method.params, { alpha: 0.25 });
});

test("another federation's alpha shows in what is adapted from it", () => {
  const changed = names({ params: { federation: { alpha: 0.5 } } }, smallPlan.experiment);
  assert.ok(changed.includes("federation.alpha=0.5.without-A.seed0"));
  assert.ok(changed.includes("global.federation.alpha=0.5.A.seed0"));
  assert.equal(new Set([...changed, ...names({}, smallPlan.experiment)]).size, 2 * changed.length);
});

test("seeds and methods can be chosen; a method that is not listed runs with its defaults", () => {
  assert.deepEqual(names({ seeds: [3, 4], methods: ["own", "ditto"] }), [
    "iop-fl.own.seed3",
    "ditto.seed3",
    "iop-fl.own.seed4",
    "ditto.seed4",
  ]);
});

test("what is not there is named, with what was meant", () => {
  assert.throws(
    () => names({ methods: ["fedvag"] }),
    /unknown method "fedvag"; did you mean "fedavg"\? use one of local-only/,
  );
  assert.throws(() => names({ params: { alfa: 0.5 } }), /no parameter "alfa" in fedavg, apfl, iop-fl; npx iopfl list/);
  assert.throws(() => names({ params: { apl: { alpha: 1 } } }), /has no method "apl"; did you mean "apfl"\?/);
  assert.throws(() => names({ params: { alpha: 7 } }), /method "apfl": parameter alpha: .*<=1/);
  assert.throws(() => names({ seeds: [-1] }), /-1 is no seed/);
  const typed = { ...inside, methods: [{ id: "apfl", params: { alfa: 0.2 } }] } as unknown as Experiment;
  assert.throws(() => names({}, typed), /method "apfl" has no parameter "alfa"; did you mean "alpha"\? it has alpha/);
});

test("the arguments of a command ask for the same", () => {
  const params = { alpha: 0.5, apfl: { alpha: 0.25 } };
  assert.deepEqual(adjustmentArguments({ params, seeds: [1, 2], methods: ["apfl"] }), [
    ...["--set", "method.alpha=0.5", "apfl.alpha=0.25", "--seeds", "1", "2", "--methods", "apfl"],
  ]);
  assert.deepEqual(adjustmentArguments({}), []);
});

test("labels name what differs from the defaults, in one order, and never leave a folder", () => {
  assert.equal(paramsLabel({}), undefined);
  assert.equal(paramsLabel({ beta: true, alpha: 1e-7 }), "alpha=1e-7,beta=true");
  assert.deepEqual(changedParams({ a: 1, b: [1, 2], c: null }, { a: 1, b: [1, 3], d: 0 }), { b: [1, 2], c: null });
  for (const hostile of ["../../x", "a/b", "\u0000", "x".repeat(300), { deep: "../" }, ["/"]])
    assert.match(paramsLabel({ value: hostile }) ?? "", /^value=[0-9a-f]{8}$/);
  const many = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`parameter${index}`, index]));
  assert.match(paramsLabel(many) ?? "", /^params-[0-9a-f]{12}$/);
});
