import assert from "node:assert/strict";
import { test } from "node:test";
import { readExperiment, readProfile, readTask, referenceOf } from "../../lib/records/config";
import { progressOf } from "../../lib/report/runs";
import { adaptation, federation } from "./records";

const profile = { ...readProfile("quick"), seeds: [0, 1] };
const prostate = readTask("prostate");
const diverged = { method: "fedavg", problem: "the loss is NaN" };

test("what an experiment lacks is named by method, seed and site; runs that diverged are there", () => {
  const inside = readExperiment("inside-prostate");
  const records = [
    federation("local-only", 0, { HK: [0.5] }),
    federation("fedavg", 0, {}, { diverged }),
    federation("fedavg", 1, { HK: [0.5] }),
  ];
  const { expected, found, missing } = progressOf(inside, prostate, profile, records);
  assert.deepEqual([expected, found], [2 * inside.methods.length, 3]);
  assert.equal(missing.length, 2);
  assert.ok(missing.includes("local-only: 1 of 2 runs are missing: seed 1"));
  assert.match(missing[1], /^centralised, fedavg-local, .*, iop-fl, iop-fl \(published\): not run yet$/);
  const outside = readExperiment("outside-prostate");
  const held = prostate.sites.slice(1).map((site) => adaptation("global", 0, site, []));
  assert.equal(
    progressOf(outside, prostate, profile, held).missing.find((line) => line.startsWith("global:")),
    "global: 7 of 12 runs are missing: BIDMC (seed 0), BIDMC (seed 1), HK (seed 1), I2CVB (seed 1), ISBI (seed 1), ISBI_1.5 (seed 1), ...",
  );
});

test("the reference is the experiment's own: the entry it names, or its last", () => {
  const { reference, ...experiment } = readExperiment("inside-prostate");
  assert.equal(reference?.method, "iop-fl");
  const methods = ["a", "b"].map((variant) => ({ id: "iop-fl", variant, params: {} }));
  assert.equal(referenceOf({ ...experiment, methods } as never).variant, "b");
  assert.equal(
    referenceOf({ ...experiment, methods, reference: { method: "iop-fl", variant: "a" } } as never).variant,
    "a",
  );
});
