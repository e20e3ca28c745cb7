import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { parseConfig } from "../../lib/io/config";
import { profileSchema, readExperiment, readProfile, readTask } from "../../lib/records/config";
import { configIds } from "../../lib/records/paths";
import { loadTypescript } from "../../lib/core/load-typescript";

/** Checks the text of a profile as if it lay in a file. */
const profileOf = (text: string) => parseConfig(text, profileSchema, "configs/profiles/test-only.yaml");

const good = `id: test-only
purpose: a test
data: { source: phantom, side: 32, reading: intended }
net: { features: 2 }
training:
  rounds: 1
  batch: 2
  localEpochs: 1
  optimiser: { kind: sgd, learningRate: 0.1 }
adaptation: { batch: 2, epochs: 1 }
seeds: [0]
`;

test("every committed experiment, profile and task is valid and named after its file", () => {
  for (const id of configIds("experiments")) assert.equal(readExperiment(id).id, id);
  for (const id of configIds("profiles")) assert.equal(readProfile(id).id, id);
  for (const id of configIds("tasks")) assert.equal(readTask(id).id, id);
});

test("malformed YAML and bad values are named with file, line and field", () => {
  assert.ok(profileOf(good));
  assert.throws(() => profileOf(good.replace("rounds: 1", "rounds: [1")), /test-only\.yaml line \d+: /);
  assert.throws(
    () => profileOf(good.replace("rounds: 1", "rounds: many")),
    /test-only\.yaml line 6: training\.rounds: .*expected number/,
  );
  assert.throws(
    () => profileOf(good.replace("side: 32", "side: 40")),
    /test-only\.yaml line 3: data\.side: .*multiple of 16/,
  );
  assert.throws(
    () => profileOf(good.replace("batch: 2\n", "batch: 2\n  epochs: 3\n")),
    /test-only\.yaml line \d+: training.*epochs/,
  );
});

test("an id is a plain name, that of its file; so are variants and sites", () => {
  const folder = mkdtempSync(join(tmpdir(), "iopfl-configs-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const program = `
    const { readProfile, readTask, readExperiment } = require("./lib/records/config");
    const { describeError } = require("./lib/core/errors");
    for (const read of [() => readProfile("copy"), () => readTask("copy"), () => readExperiment("copy")])
      try { read(); console.log("accepted"); } catch (error) { console.log(describeError(error)); }`;
  const task = (id: string, sites = "[HK, UCL]") => `id: ${id}\ntitle: T\nsites: ${sites}\nclasses: 2\ninChannels: 3\n`;
  const experiment = (id: string, method = "{ id: fedavg }") =>
    `id: ${id}\nquestion: Q\nkind: inside\ntask: copy\nmethods: [${method}]\n`;
  const said = (files: readonly [profile: string, task: string, experiment: string]): string[] => {
    for (const [index, room] of ["profiles", "tasks", "experiments"].entries()) {
      mkdirSync(join(folder, room), { recursive: true });
      writeFileSync(join(folder, room, "copy.yaml"), files[index]);
    }
    const { stdout, stderr } = spawnSync(process.execPath, [...loadTypescript, "-e", program], {
      env: { ...process.env, IOPFL_CONFIGS: folder },
      encoding: "utf8",
    });
    return (stdout + stderr).trim().split("\n");
  };
  const named = (id: string) => good.replace("id: test-only", `id: ${id}`);
  assert.deepEqual(said([named("copy"), task("copy"), experiment("copy")]), ["accepted", "accepted", "accepted"]);
  for (const line of said([named("phantom"), task("prostate"), experiment("inside")]))
    assert.match(
      line,
      /copy\.yaml: id: "(phantom|prostate|inside)" is not the name of the file; write id: copy, or rename/,
    );
  for (const line of said([named('"../x"'), task('"../x"'), experiment('"../x"')]))
    assert.match(line, /copy\.yaml line 1: id: letters, digits/);
  const [, sites, variant] = said([
    named("copy"),
    task("copy", '[HK, "../UCL"]'),
    experiment("copy", '{ id: fedavg, variant: "a/b" }'),
  ]);
  assert.match(sites, /tasks\/copy\.yaml line 3: sites\.1: letters, digits/);
  assert.match(variant, /experiments\/copy\.yaml line 5: methods\.0\.variant: letters, digits/);
});
