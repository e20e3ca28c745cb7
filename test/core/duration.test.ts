import assert from "node:assert/strict";
import { test } from "node:test";
import { describeSeconds } from "../../lib/core/duration";

test("times are told in the units that fit", () => {
  const told = [0.4, 59.6, 61, 3599.4, 3600, 7120, 7199].map(describeSeconds);
  assert.deepEqual(told, ["0 s", "1 min 0 s", "1 min 1 s", "59 min 59 s", "1 h 0 min", "1 h 59 min", "2 h 0 min"]);
});
