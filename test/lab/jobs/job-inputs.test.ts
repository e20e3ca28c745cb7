import "../support/own-folders";
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync, mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { sha256 } from "../../../lib/core/hash";
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
      () => openInputs().sitesOf({ ...job, numerics: { ...job.numerics, code: "of an earlier version" } }, folder),
      /the code of \S+ changed after this run was planned; run the command again/,
    );
});

test("data that are not those of the plan are refused", () => {
  assert.throws(
    () => openInputs().sitesOf({ ...jobs[0], numerics: { ...jobs[0].numerics, data: "of other data" } }, folder),
    /the data of task two changed after this run was planned; run the command again/,
  );
});

test("a phantom with swapped, lost or torn files, or a folder for one, is made again, in one line, and is the same", (context) => {
  const hashes = (where: string) =>
    Object.fromEntries(
      (readdirSync(where, { recursive: true }) as string[])
        .filter((name) => name.endsWith(".nii.gz") && statSync(join(where, name)).isFile())
        .map((name) => [name, sha256(readFileSync(join(where, name)))]),
    );
  const said = context.mock.method(process.stderr, "write", () => true);
  const damages: ((one: string, two: string) => void)[] = [
    (one, two) => cpSync(two, one),
    (one) => rmSync(one),
    (one) => writeFileSync(one, readFileSync(one).subarray(0, 60)),
    (one) => {
      rmSync(one);
      mkdirSync(one);
    },
  ];
  for (const damage of damages) {
    const changed = mkdtempSync(`${folder}-changed-`);
    cpSync(folder, changed, { recursive: true });
    const masks = readdirSync(join(changed, "HK")).filter((name) => name.endsWith("_segmentation.nii.gz"));
    damage(join(changed, "HK", masks[0]), join(changed, "HK", masks[1]));
    assert.notDeepEqual(hashes(changed), hashes(folder), `damage ${damages.indexOf(damage)}`);
    said.mock.resetCalls();
    openInputs().sitesOf(jobs[0], changed);
    assert.deepEqual(hashes(changed), hashes(folder));
    const lines = said.mock.calls.map(({ arguments: [text] }) => String(text));
    assert.equal(lines.length, 1);
    assert.match(lines[0], /^the two phantom is damaged \(.*\); it is made again\n$/);
  }
});

test("a summary with one flipped character is not believed", () => {
  const summary = join(folder, "summary.json");
  const whole = readFileSync(summary, "utf8");
  const at = whole.indexOf(dataHash);
  for (const damaged of [
    whole.slice(0, at) + (whole[at] === "a" ? "b" : "a") + whole.slice(at + 1),
    "",
    "{",
    "[1]",
    "null",
  ]) {
    writeFileSync(summary, damaged);
    const said: string[] = [];
    assert.equal(prepareTask(task, profile.data, (line) => said.push(line)).dataHash, dataHash);
    assert.match(said[0], /what was known of the two data is damaged or out of date; they are read again/);
    assert.equal(readFileSync(summary, "utf8"), whole);
  }
});
