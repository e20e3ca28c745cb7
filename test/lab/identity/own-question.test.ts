import assert from "node:assert/strict";
import { test } from "node:test";
import { taskSchema } from "../../../lib/data/task/task";
import { federationQuestion } from "../../../lib/lab/identity/question";
import { readProfile } from "../../../lib/records/config";
import { profileOn } from "../../../lib/records/own-data";

const written = {
  ...{
    id: "hearts",
    title: "Hearts",
    folder: "/somewhere",
    sites: ["North", "South"],
    modality: "volume",
    inChannels: 3,
  },
  classes: [{ name: "background" }, { name: "wall", colour: "#e69f00" }, { name: "cavity" }],
  layout: { kind: "folders" },
};
const questionOf = (change: object, profileId = "quick") => {
  const task = taskSchema.parse({ ...written, ...change });
  return federationQuestion(
    { task, profile: profileOn(task, readProfile(profileId)), method: { id: "fedavg", params: {} }, seed: 0 },
    task.sites,
  );
};

test("where images lie, what files are called and how classes look asks nothing; every rule and what is scored does", () => {
  const asked = questionOf({});
  const [background, wall, cavity] = written.classes;
  for (const same of [
    { folder: "/elsewhere" },
    { title: "Other words" },
    { layout: { kind: "pairs", maskSuffix: "_m" } },
    { classes: [background, { ...wall, colour: "#000000" }, cavity] },
  ])
    assert.equal(questionOf(same), asked, JSON.stringify(same));
  const others = [
    { normalisation: { window: [0, 1] } },
    { orientation: "LPS" },
    { slices: "all" },
    { split: "parts" },
    { inChannels: 1 },
    { structures: [{ id: "all", classes: ["wall", "cavity"] }] },
    { classes: [background, wall, { name: "cavity", values: [3] }] },
    { pseudonyms: true },
  ].map((change) => questionOf(change));
  assert.equal(new Set([asked, ...others]).size, others.length + 1);
});

test("what a profile's phantom is made of is nothing to images of one's own", () => {
  const { data } = readProfile("quick");
  const task = taskSchema.parse(written);
  const own = profileOn(task, {
    ...readProfile("quick"),
    data: { ...data, casesPerSite: 9, imagesPerSite: 9, slices: 3 },
  });
  assert.deepEqual(own.data, profileOn(task, readProfile("quick")).data);
  assert.equal(own.data.source, "own");
});
