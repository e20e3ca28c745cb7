import assert from "node:assert/strict";
import { test } from "node:test";
import { tellWaiting } from "../../../lib/lab/execute/waiting";
import type { Job } from "../../../lib/lab/plan/jobs";

test("whoever waits for others is told for what after five seconds, and again each minute", () => {
  let clock = 0;
  const told: string[] = [];
  const wait = tellWaiting(
    ({ id }, more) => told.push(`${clock / 1000}: ${id} and ${more}`),
    () => clock,
  );
  const [a, b] = [{ id: "a" }, { id: "b" }] as unknown as Job[];
  for (; clock <= 130_000; clock += 500) wait(clock < 2_000 ? [a] : [b, a]);
  assert.deepEqual(told, ["5: a and 1", "65: a and 1", "125: a and 1"]);
});
