import "../support/own-folders";
import assert from "node:assert/strict";
import { cpSync, readdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Task } from "../../../lib/records/config";
import { prepareTask } from "../../../lib/records/dataset";
import { openInputs } from "../../../lib/lab/jobs/job-inputs";
import { planJobs } from "../../../lib/lab/plan/jobs";
import { smallPlan } from "../support/small-plan";

const task: Task = { id: "two", title: "Two", set: "prostate", sites: ["HK", "UCL"], classes: 2, inChannels: 3 };
const profile = { ...smallPlan.profile, data: { ...smallPlan.profile.data, side: 32, slices: 6 } };
const { folder, dataHash, slices } = prepareTask(task, profile.data);
const jobs = planJobs({ ...smallPlan, task, profile, dataHash, slices });

test("a job gets the data that it was planned with, read once", () => {
  const inputs = openInputs();
  const [first, second] = jobs.map((job) => inputs.sitesOf(job, folder));
  assert.deepEqual([...first.keys()], task.sites);
  assert.equal(second, first);
});

test("code that changed after the plan is refused, so that new numbers never get an old id", () => {
  for (const job of jobs)
    assert.throws(
      () => openInputs().sitesOf({ ...job, codeHash: "of an earlier version" }, folder),
      /the code of \S+ changed after this run was planned; run the command again/,
    );
});

test("data that changed after the plan are refused", () => {
  const changed = `${folder}-changed`;
  cpSync(folder, changed, { recursive: true });
  const [one, two] = readdirSync(join(changed, "HK")).filter((name) => name.endsWith("_segmentation.nii.gz"));
  renameSync(join(changed, "HK", one), join(changed, "HK", two));
  cpSync(join(folder, "HK", two), join(changed, "HK", one));
  assert.throws(
    () => openInputs().sitesOf(jobs[0], changed),
    /the data of task two changed after this run was planned; run the command again/,
  );
});
