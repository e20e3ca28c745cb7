import "../support/own-folders";
import assert from "node:assert/strict";
import { test } from "node:test";
import { startEngine } from "../../../lib/engine";
import { scoreCases } from "../../../lib/federation/evaluate/evaluation";
import { readPrediction } from "../../../lib/lab/jobs/predictions";
import { runJob } from "../../../lib/lab/jobs/run-job";
import { runPrediction } from "../../../lib/lab/jobs/run-prediction";
import { planJobs } from "../../../lib/lab/plan/jobs";
import type { Experiment, Profile } from "../../../lib/records/config";
import { loadSites, prepareTask } from "../../../lib/records/dataset";
import type { FederationRecord } from "../../../lib/records/schema";
import { smallPlan } from "../support/small-plan";

const task = { ...smallPlan.task, set: "prostate" as const, sites: ["HK", "UCL", "BIDMC"] };
const profile: Profile = {
  ...smallPlan.profile,
  data: { ...smallPlan.profile.data, side: 32, slices: 6 },
  training: { ...smallPlan.profile.training, rounds: 8 },
};
const { folder, dataHash, slices } = prepareTask(task, profile.data);
const sites = loadSites(task, profile.data, folder);

// HarmoFL changes the images before its models see them, in training and whenever it predicts.
for (const id of ["fedavg", "harmofl"])
  test(`the masks of ${id} that are predicted once more have the scores of its record`, async () => {
    await startEngine("wasm");
    const experiment = { id: "inside", kind: "inside", question: "?", task: task.id, methods: [{ id, params: {} }] };
    const [job] = planJobs({
      ...smallPlan,
      experiment: experiment as unknown as Experiment,
      profile,
      task,
      dataHash,
      slices,
    });
    const record = await runJob(job, sites, {});
    assert.ok(record.kind === "federation");
    const { scores }: FederationRecord = record;
    let marked = 0;
    for (const site of task.sites) {
      await runPrediction(job, site, sites, {});
      const set = sites.get(site)!.parts.test;
      const masks = readPrediction(job.id, set) ?? assert.fail(site);
      marked += masks.reduce((sum, label) => sum + label, 0);
      const scored = scores.find((each) => each.site === site && each.part === "test" && each.model === "personal");
      const dice = (cases: readonly { dice: number }[] = []) => cases.map((each) => each.dice);
      assert.deepEqual(dice(scoreCases(masks, set, false)), dice(scored?.cases), site);
    }
    assert.ok(marked > 0, "a mask without a mark proves nothing");
  });
