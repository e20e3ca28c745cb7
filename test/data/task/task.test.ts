import assert from "node:assert/strict";
import { test } from "node:test";
import { taskSchema } from "../../../lib/data/task/task";
import { parseConfig } from "../../../lib/io/config";

const own = `id: hearts
title: Hearts
sites: [North, South]
modality: volume
classes:
  - { name: background }
  - { name: wall }
  - { name: cavity, values: [7, 9] }
inChannels: 3
layout: { kind: folders }
`;
const read = (text: string) => parseConfig(text, taskSchema, "configs/tasks/hearts.yaml");
const refuses = (from: string, to: string, fault: RegExp) => assert.throws(() => read(own.replace(from, to)), fault);

test("a task without rules of its own is one on a published set, and needs no names of classes", () => {
  const short = "id: two\ntitle: Two\nsites: [HK, UCL]\nclasses: 2\ninChannels: 3\n";
  assert.deepEqual(read(short), {
    ...{ id: "two", title: "Two", set: "prostate", sites: ["HK", "UCL"], inChannels: 3, classes: 2 },
  });
  assert.throws(
    () => read(`${short}slices: all\n`),
    /slices: the set prostate has its own rules; leave out slices, or set/,
  );
});

test("of a task of one's own every class is scored by itself, or the unions that are named", () => {
  const { set, classes, structures, own: rules } = read(own);
  assert.deepEqual([set, classes], ["own", 3]);
  assert.deepEqual(structures, [
    { id: "wall", classes: [1] },
    { id: "cavity", classes: [2] },
  ]);
  assert.deepEqual(rules?.slices, "labelled");
  const unions = `${own}structures: [{ id: all, classes: [wall, cavity] }]\n`;
  assert.deepEqual(read(unions).structures, [{ id: "all", classes: [1, 2] }]);
  const single = own.replace("  - { name: cavity, values: [7, 9] }\n", "");
  assert.equal(read(single).structures, undefined, "one thing is scored as what is no background");
});

test("what does not go together is told with its line, its value and the mend", () => {
  refuses(
    "inChannels: 3",
    "inChannels: 2",
    /hearts\.yaml line 9: inChannels: 2 neighbouring slices have no middle; want 1, 3, 5/,
  );
  refuses("modality: volume", "modality: film", /line 4: modality: /);
  refuses(
    "modality: volume",
    "modality: picture\norientation: LPS",
    /line 5: orientation: a picture does not say how it lies/,
  );
  refuses("[7, 9]", "[1]", /line 8: classes\.2\.values: 1 is of class 1 \(wall\) too/);
  refuses("name: cavity", "nam: cavity", /line 8: classes\.2\.nam: unknown key "nam", did you mean "name"\?/);
  refuses("name: cavity", 'name: "a/b"', /line 8: classes\.2\.name: letters, digits/);
  refuses("name: cavity", "name: Wall", /line 8: classes\.2\.name: Wall is of class 1 \(wall\) too/);
  refuses("layout: { kind: folders }", "", /layout: want how the files lie/);
  refuses("kind: folders", "kind: tree", /line 10: layout\.kind: /);
  refuses(
    "kind: folders",
    "kind: folders, sites: { East: { folder: e } }",
    /layout\.sites\.East: "East" is none of the sites North, South/,
  );
  refuses("title: Hearts", "title: Hearts\norientation: XYZ", /orientation: /);
  refuses(
    "title: Hearts",
    "title: Hearts\nstructures: [{ id: x, classes: [background] }]",
    /"background" is no class behind the background; name wall, cavity/,
  );
});

test("no folder or suffix of a layout leads out of the task's folder", () => {
  for (const path of ["../other", "/etc", "a/../../b", "a//b", "./a", "a\\\\..\\\\b"])
    refuses("kind: folders", `kind: folders, images: "${path}"`, /line 10: layout\.images: want a path/);
  refuses("kind: folders", 'kind: folders, maskSuffix: "/../x"', /layout\.maskSuffix: want the end of a file's name/);
  refuses(
    "kind: folders",
    'kind: folders, sites: { North: { folder: ".." } }',
    /layout\.sites\.North\.folder: want a path/,
  );
  refuses("kind: folders", 'kind: manifest, file: "../list.csv"', /layout\.file: want a path/);
});
