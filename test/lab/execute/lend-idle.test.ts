import assert from "node:assert/strict";
import { test } from "node:test";
import { planJobs, type Job } from "../../../lib/lab/plan/jobs";
import { lendIdle, shareOf } from "../../../lib/lab/execute/lend-idle";
import type { ToWorker } from "../../../lib/lab/execute/messages";
import type { WorkerProcess } from "../../../lib/lab/execute/worker-process";
import { smallPlan } from "../support/small-plan";

const jobs = planJobs(smallPlan);
const [costly, cheap] = jobs
  .filter(({ kind }) => kind === "federation")
  .map((job, index) => ({ ...job, cost: 100 - index }) as Job);
const adaptation = jobs.find(({ kind }) => kind === "adaptation") as Job;

test("idle places go to federations in turn, the most costly first, and to none more than it has other clients", () => {
  assert.deepEqual(shareOf(1, [cheap, costly]), [0, 1]);
  assert.deepEqual(shareOf(9, [cheap, costly, adaptation]), [1, 1, 0]);
  assert.deepEqual(shareOf(0, [cheap]), [0]);
  assert.deepEqual(shareOf(-1, [cheap]), [0]);
});

test("a worker is told of helpers when others have nothing to do, and that they are gone when a job waits", async () => {
  const told: ToWorker[][] = [[], []];
  const workers = told.map(
    (messages) => ({ tell: (message: ToWorker) => messages.push(message) }) as unknown as WorkerProcess,
  );
  const turn = () => new Promise(setImmediate).then(() => new Promise(setImmediate));
  let waiting = 0;
  const idle = lendIdle(
    () => 2,
    () => waiting,
  );
  idle.busy(costly, workers[0]);
  await turn();
  assert.deepEqual(told, [[{ type: "helpers", job: costly.id, count: 1 }], []]);
  const ended = idle.busy(adaptation, workers[1]);
  await turn();
  assert.deepEqual(told[0].slice(1), [{ type: "helpers", job: costly.id, count: 0 }]);
  waiting = 1;
  ended();
  await turn();
  assert.equal(told[0].length, 2);
  assert.deepEqual(told[1], []);
});
