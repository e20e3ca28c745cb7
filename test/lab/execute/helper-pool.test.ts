import { comesTrue } from "../../support/patience";
import { ownFolder } from "../support/own-folders";
import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { after, before, describe, test } from "node:test";
import { hashState, type State } from "../../../lib/core/state";
import { startEngine } from "../../../lib/engine";
import type { Executor } from "../../../lib/federation/client/client-work";
import {
  runFederation,
  startFederation,
  type FederationSpec,
  type FederationState,
} from "../../../lib/federation/round/federation";
import type { Task } from "../../../lib/records/config";
import { openHelperPool, type HelperPool } from "../../../lib/lab/execute/helper-pool";
import { loadSites, prepareTask } from "../../../lib/records/dataset";
import { planJobs, type FederationJob } from "../../../lib/lab/plan/jobs";
import type { JobPlace, WorkMessage } from "../../../lib/lab/execute/messages";
import { clientSpec } from "../../../lib/lab/jobs/run-federation";
import { startWorker } from "../../../lib/lab/execute/start-worker";
import { initialiseUNet } from "../../../lib/nets/model/initialise";
import { childrenOf } from "../../notebook/processes";
import { smallPlan } from "../support/small-plan";

const task: Task = {
  id: "three",
  title: "Three",
  set: "prostate",
  sites: ["HK", "UCL", "BIDMC"],
  classes: 2,
  inChannels: 3,
};
const profile = {
  ...smallPlan.profile,
  data: { ...smallPlan.profile.data, side: 32, slices: 6 },
  training: { ...smallPlan.profile.training, rounds: 2 },
};
const { folder, dataHash, slices } = prepareTask(task, profile.data);
const sites = loadSites(task, profile.data, folder);
const methods = ["iop-fl", "fedrep", "apfl", "local-only", "fedamp", "per-fedavg"].map((id) => ({ id, params: {} }));
const jobs = planJobs({
  ...smallPlan,
  experiment: { id: "inside", order: 1, question: "Inside?", kind: "inside", task: "three", methods },
  profile,
  task,
  dataHash,
  slices,
}) as FederationJob[];

process.env.TMPDIR = ownFolder;
const exchangeFolders = () => readdirSync(tmpdir()).filter((name) => name.startsWith("iop-fl-helpers-"));
const children = () => childrenOf(process.pid);

const hashes = ({ server, clients, history }: FederationState): unknown => [
  Object.values(server).map(hashState),
  clients.map((kept) => Object.entries(kept.read()).map(([name, state]: [string, State]) => [name, hashState(state)])),
  history,
];

describe("a pool of helpers", { skip: !existsSync("/proc/self/task") && "needs /proc" }, () => {
  const warnings: string[] = [];
  let pool: HelperPool;
  before(async () => {
    await startEngine("wasm");
    pool = openHelperPool({
      start: (exchange) => startWorker({ engine: "wasm", exchange }),
      warn: (message) => void warnings.push(message),
    });
    pool.allow(2);
    await pool.ready();
  });
  after(() => pool.close());

  const run = async (
    job: FederationJob,
    onSpent?: (seconds: number) => void,
    onBatch?: (done: number) => void,
  ): Promise<unknown> => {
    const spec: FederationSpec = {
      ...clientSpec(job, sites),
      rounds: 2,
      start: initialiseUNet({ inChannels: 3, classes: 2, features: 2 }, clientSpec(job, sites).random),
    };
    const message = (file: string): WorkMessage<JobPlace> => ({ type: "work", of: { job, folder }, file });
    const helpers = onSpent && ((own: Executor) => pool.executors({ own, message, onSpent }));
    return hashes(await runFederation(spec, startFederation(spec), { helpers, onBatch }));
  };

  for (const job of jobs) {
    test(`${job.method.id}: helpers do most of the work, and not a byte changes`, async () => {
      let pieces = 0;
      const batches: number[] = [];
      const shared = await run(
        job,
        () => void pieces++,
        (done) => void batches.push(done),
      );
      assert.deepEqual(shared, await run(job));
      assert.equal(exchangeFolders().length, 2);
      assert.ok(pieces >= 8, `${pieces} pieces of 12 were done by helpers`);
      assert.deepEqual(
        batches,
        [...batches].sort((a, b) => a - b),
      );
      assert.deepEqual(warnings, []);
    });
  }

  test("a helper that is killed in the middle is given up with a word; its clients are trained all the same", async () => {
    let killed = false;
    const shared = await run(
      jobs[0],
      () => undefined,
      () => {
        if (killed) return;
        killed = true;
        process.kill(children()[0], "SIGKILL");
      },
    );
    assert.deepEqual(shared, await run(jobs[0]));
    assert.equal(warnings.length, 1);
    assert.match(warnings[0], /^a helper process is given up: the worker process was killed, probably for memory/);
  });

  test("closed, it leaves neither processes nor files", async () => {
    pool.close();
    assert.ok(await comesTrue(() => children().length === 0, 5), `left: ${children().join(" ")}`);
    assert.deepEqual(exchangeFolders(), []);
  });
});
