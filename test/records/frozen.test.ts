import assert from "node:assert/strict";
import { test } from "node:test";
import { readProfile, readTask } from "../../lib/records/config";
import { assertFrozen, frozenData } from "../../lib/records/frozen";

const others = { dataHash: "0123456789abcdef", slices: { HK: 3, UCL: 4 } };

test("other data than the frozen are refused at their profile, and nowhere else", () => {
  const { id } = readProfile("phantom");
  for (const task of ["prostate", "fundus"].map((each) => readTask(each).id)) {
    assert.throws(() => assertFrozen(id, task, others), {
      problem: new RegExp(
        `^the ${task} phantom of the profile "phantom" is frozen as [0-9a-f]{16}, \\d+ slices, and this is 0123456789abcdef, 7 slices$`,
      ),
    });
    assert.doesNotThrow(() => assertFrozen("quick", task, others));
  }
});

test("other numbers of slices are refused as well, whatever the hash", () => {
  const frozen = frozenData("phantom", "prostate");
  assert.ok(frozen);
  assert.doesNotThrow(() => assertFrozen("phantom", "prostate", frozen));
  const more = { ...frozen, slices: { ...frozen.slices, HK: frozen.slices.HK + 1 } };
  assert.throws(() => assertFrozen("phantom", "prostate", more), {
    problem: /389 slices, and this is .*, 390 slices$/,
  });
});
