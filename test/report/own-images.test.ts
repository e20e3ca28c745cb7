import { writeConfig, writeRecord } from "./own-report";
import assert from "node:assert/strict";
import { mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { answersOf, releasedPlan } from "../../lib/lab/release/answers";
import { planExperiment } from "../../lib/lab/plan/plan-experiment";
import { readOwnRecords, readRecords } from "../../lib/records/read";
import { writeRelease } from "../../lib/records/release/write-release";
import { madeFiles, madeSites, put, writeMadeSet } from "../data/own/made-set";
import { federation } from "./records";

const id = "inside-hearts";
const place = mkdtempSync(join(tmpdir(), "iopfl-own-images-"));
const images = join(place, "images");
after(() => rmSync(place, { recursive: true, force: true }));
const options = { profile: "quick", engine: "wasm", methods: ["fedavg"] } as const;
const plan = () => planExperiment(id, options);

/** Writes a record of every job of a plan, as if it had been run. */
async function recordJobs(dice: number): Promise<string> {
  const { jobs, profile } = await plan();
  const scores = Object.fromEntries(madeSites.map(({ name }) => [name, [dice]]));
  for (const { name, question, numerics, method, seed } of jobs)
    writeRecord(id, name, {
      ...federation(method.id, seed, scores, { question, profile: "quick" }),
      ...{ numerics, task: "hearts", config: { data: profile.data } },
    });
  return jobs[0].numerics.data;
}
const dataOf = () => readRecords("quick", id).records.map(({ record }) => record.numerics.data);

test("released answers of images of one's own stand as long as the images are those, and where there are none", async () => {
  writeMadeSet(images, 3);
  writeConfig(
    "tasks",
    "hearts",
    `{ id: hearts, title: Hearts, folder: ${JSON.stringify(images)}, sites: [${madeSites.map(({ name }) => name).join(", ")}],
       modality: volume, inChannels: 3, layout: { kind: folders }, classes: [{ name: background }, { name: wall }, { name: cavity }] }`,
  );
  const before = await recordJobs(0.5);
  const head = { release: 1, profile: "quick", commit: "abcdef0", date: "2026-01-01", hours: 0, claims: {} } as const;
  writeRelease(head, {}, { [id]: { records: readOwnRecords("quick", id).records, probes: [], pictures: [] } });
  assert.equal(answersOf(await plan()).size, (await plan()).jobs.length);
  assert.ok(await releasedPlan(id, options));

  // A colleague has the release and no images.
  renameSync(images, join(place, "away"));
  assert.ok(await releasedPlan(id, options));
  renameSync(join(place, "away"), images);
  assert.ok(await releasedPlan(id, options));

  const { image, mask } = madeFiles(madeSites[0], 3);
  put(images, "Alpenklinik/images/scan-3.nii.gz", image);
  put(images, "Alpenklinik/masks/scan-3.nii.gz", mask);
  assert.equal(await releasedPlan(id, options), undefined);
  assert.equal(answersOf(await plan()).size, 0);

  assert.deepEqual([...new Set(dataOf())], [before]);
  const now = await recordJobs(0.6);
  assert.notEqual(now, before);
  assert.deepEqual([...new Set(dataOf())], [now], "the tables show what was computed on the images as they are now");
  assert.equal(answersOf(await plan()).size, 0);
});
