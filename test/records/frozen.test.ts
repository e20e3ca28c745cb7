import assert from "node:assert/strict";
import { test } from "node:test";
import { readProfile, readTask } from "../../lib/records/config";
import { assertFrozen } from "../../lib/records/frozen";

test("other data than the frozen are refused at their profile, and nowhere else", () => {
  const { id } = readProfile("phantom");
  for (const task of ["prostate"].map((each) => readTask(each).id)) {
    assert.throws(() => assertFrozen(id, task, "0123456789abcdef"), {
      problem: new RegExp(
        `^the ${task} phantom of the profile "phantom" is frozen as [0-9a-f]{16}, and this is 0123456789abcdef$`,
      ),
    });
    assert.doesNotThrow(() => assertFrozen("quick", task, "0123456789abcdef"));
  }
});
