import { ownFolder } from "../support/own-folders";
import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs-core";
import { Diverged } from "../../../lib/core/diverged";
import { createRandom } from "../../../lib/core/random";
import { allSlices } from "../../../lib/data/set/site-data";
import { startEngine } from "../../../lib/engine";
import { runAdaptation } from "../../../lib/federation/evaluate/adaptation";
import { runJob } from "../../../lib/lab/jobs/run-job";
import { planJobs, type AdaptationJob, type FederationJob } from "../../../lib/lab/plan/jobs";
import type { Adaptation } from "../../../lib/methods/contract";
import { globalModel } from "../../../lib/methods/adapt/global-model";
import { initialiseUNet } from "../../../lib/nets/model/initialise";
import type { Experiment, Profile } from "../../../lib/records/config";
import { loadSites, prepareTask } from "../../../lib/records/dataset";
import { recordSchema } from "../../../lib/records/schema";
import { smallPlan } from "../support/small-plan";

const task = { ...smallPlan.task, set: "prostate" as const, sites: ["HK", "UCL", "BIDMC"] };
const sgd = { kind: "sgd", learningRate: 1e30 } as const;
const profile: Profile = {
  ...smallPlan.profile,
  data: { ...smallPlan.profile.data, side: 32, slices: 6 },
  training: { ...smallPlan.profile.training, rounds: 3, optimiser: sgd },
};
const { folder, dataHash, slices } = prepareTask(task, profile.data);
const sites = loadSites(task, profile.data, folder);

before(() => startEngine("wasm"));
assert.ok(ownFolder);

const planned = (experiment: object) =>
  planJobs({ ...smallPlan, experiment: experiment as Experiment, profile, task, dataHash, slices });

test("a loss that is none ends its job with method, client and round; the record holds the rounds before, and no score", async () => {
  const experiment = {
    id: "inside",
    order: 1,
    question: "?",
    kind: "inside",
    task: task.id,
    methods: [choice("fedavg")],
  };
  const [job] = planned(experiment) as FederationJob[];
  const warnings: string[] = [];
  const record = await runJob(job, sites, { warn: (text) => void warnings.push(text) });
  assert.ok(record.kind === "federation");
  recordSchema.parse(JSON.parse(JSON.stringify(record)));
  assert.deepEqual([record.rounds, record.scores, record.models], [[], [], {}]);
  assert.equal(record.diverged?.method, "fedavg");
  assert.ok(task.sites.includes(record.diverged?.client ?? ""), record.diverged?.client);
  assert.equal(record.diverged?.round, 1);
  assert.match(warnings.join(), /^fedavg, \w+, round 1: the loss is (NaN|Infinity); lower the learning rate/);
});

test("what adapts the models of a federation that diverged says so", async () => {
  const methods = [choice("global")];
  const experiment = {
    id: "outside",
    order: 1,
    question: "?",
    kind: "outside",
    task: task.id,
    federation: choice("fedavg"),
    methods,
  };
  const jobs = planned(experiment);
  const adaptation = jobs.find(({ kind }) => kind === "adaptation") as AdaptationJob;
  await runJob(adaptation.federation, sites);
  const record = await runJob(adaptation, sites);
  assert.ok(record.kind === "adaptation");
  assert.deepEqual(record.epochs, []);
  assert.match(record.diverged?.problem ?? "", /its federation diverged: the loss is/);
});

test("logits that are no numbers are no prediction: the passes before are kept, the pass is named", async () => {
  const shape = { inChannels: 3, classes: 2, features: 2 };
  const model = initialiseUNet(shape, createRandom("bank"));
  let batches = 0;
  const outside = allSlices(sites.get("HK") as NonNullable<ReturnType<typeof sites.get>>);
  const perPass = Math.ceil(outside.count / 5);
  const broken: Adaptation = {
    ...(globalModel as Adaptation),
    id: "broken",
    open: () => ({
      epochs: 2,
      predict: async ({ shape: [batch, height, width] }) =>
        tf.fill([batch, height, width, 2], batches++ < perPass ? 1 : NaN) as tf.Tensor4D,
    }),
  };
  const bank = { shape, personal: [model], global: model };
  const before = tf.memory().numTensors;
  let kept = -1;
  await assert.rejects(
    runAdaptation(
      { method: broken, params: {}, bank, outside, batch: 5, epochs: 1, random: createRandom(1) },
      { onDiverged: (epochs) => (kept = epochs.length) },
    ),
    (error) => error instanceof Diverged && /^broken, round 2: the sum of the logits is NaN$/.test(error.problem),
  );
  assert.equal(kept, 1);
  assert.equal(tf.memory().numTensors, before, "tensors were left behind");
});

function choice(id: string) {
  return { id, params: {} };
}
