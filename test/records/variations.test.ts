import { ownConfigs, writeConfig } from "./own-configs";
import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { readExperiment, recordsOf } from "../../lib/records/config";
import { experimentAt, experimentsAt } from "../../lib/records/experiment-at";
import { readGrids } from "../../lib/records/tuned";

const experiment = (id: string, rest: string) =>
  writeConfig(`experiments/${id}.yaml`, `id: ${id}\nquestion: Q\n${rest}`);
const inside = "kind: inside\ntask: t\nmethods: [{ id: fedavg }, { id: iop-fl }]\n";

test("an outside experiment varies the stream and parameters; a setting of training is none of the stream's", () => {
  const outside = "kind: outside\ntask: t\nfederation: { id: iop-fl }\nmethods: [{ id: global }, { id: tent }]\n";
  const axes = "vary:\n  - { of: [tent], param: steps, values: [3] }\n  - { setting: order, values: [shuffled] }\n";
  experiment("streamed", outside + axes);
  const entries = readExperiment("streamed").methods.map(({ id, variant, settings, settled }) => [
    [id, variant].filter(Boolean).join(" "),
    settings ?? settled ?? {},
  ]);
  assert.deepEqual(entries, [
    ["global", {}],
    ["tent", {}],
    ["tent steps=3", { steps: 3 }],
    ["global order=shuffled", { order: "shuffled" }],
    ["tent order=shuffled", { order: "shuffled" }],
  ]);
  for (const axis of ["{ setting: rounds, values: [5] }", "{ setting: order, values: [sorted] }"]) {
    experiment("streamed", `${outside}vary: [${axis}]\n`);
    assert.throws(() => readExperiment("streamed"), /vary/);
  }
  experiment("trained", `${inside}vary: [{ setting: batch, values: [5] }]\n`);
  assert.throws(() => readExperiment("trained"), /vary/);
});

test("axes add their entries behind those as they are, each under a name of its own", () => {
  const axes =
    "vary:\n  - { of: [iop-fl], param: alpha, values: [0, 1] }\n  - { setting: rounds, values: [5] }\n  - { of: [fedavg], setting: without, values: [HK] }\n";
  experiment("varied", inside + axes);
  const entries = readExperiment("varied").methods.map(({ id, variant, settings, settled }) => [
    [id, variant].filter(Boolean).join(" "),
    settings ?? settled ?? {},
  ]);
  assert.deepEqual(entries, [
    ["fedavg", {}],
    ["iop-fl", {}],
    ["iop-fl alpha=0", { alpha: 0 }],
    ["iop-fl alpha=1", { alpha: 1 }],
    ["fedavg rounds=5", { rounds: 5 }],
    ["iop-fl rounds=5", { rounds: 5 }],
    ["fedavg without=HK", { without: "HK" }],
  ]);
  experiment("wrong", inside + "vary: [{ setting: fraction, values: [2] }]\n");
  assert.throws(() => readExperiment("wrong"), /wrong\.yaml line 6: vary\.0: a value that the setting cannot have/);
  experiment("wrong", inside + "vary: [{ setting: rounds, param: alpha, values: [2] }]\n");
  assert.throws(() => readExperiment("wrong"), /vary\.0: one of setting and param/);
});

test("a profile runs all but what is left out of it, and what is left out whole is no experiment of it", () => {
  rmSync(join(ownConfigs, "experiments"), { recursive: true });
  experiment(
    "limited",
    inside + "vary: [{ setting: rounds, values: [5] }]\nleavesOut: { quick: [iop-fl], tiny: all }\n",
  );
  const names = (profile: string) =>
    experimentAt(readExperiment("limited"), profile).methods.map(({ id, variant }) => `${id} ${variant ?? ""}`.trim());
  assert.deepEqual(names("phantom"), ["fedavg", "iop-fl", "fedavg rounds=5", "iop-fl rounds=5"]);
  assert.deepEqual(names("quick"), ["fedavg", "fedavg rounds=5", "iop-fl rounds=5"]);
  assert.deepEqual(names("tiny"), []);
  assert.deepEqual(
    ["quick", "tiny"].map((profile) => experimentsAt(profile).length),
    [1, 0],
  );
  experiment("limited", inside + "leavesOut: { quick: [fedvag] }\n");
  assert.throws(() => experimentAt(readExperiment("limited"), "quick"), /no entry "fedvag"; did you mean "fedavg"\?/);
});

test("what validation chose counts as the entries' own at its profile alone, where the experiment asks for it", () => {
  const grid = "grid: [{ params: { alpha: 0.5 }, dice: 0.8 }]";
  const tuned = (task: string) =>
    `task: ${task}\nprofile: phantom\nseed: 7001\nrounds: 40\nengine: wasm\nmethods: { iop-fl: { chosen: { alpha: 0.5 }, ${grid} } }\n`;
  writeConfig("tuned/t.phantom.yaml", tuned("t"));
  const settled = (id: string, profile: string) =>
    experimentAt(readExperiment(id), profile).methods.map((entry) => entry.settled ?? {});
  experiment("tuned", `${inside}tuned: true\n`);
  experiment("untuned", inside);
  assert.deepEqual(settled("tuned", "phantom"), [{}, { alpha: 0.5 }]);
  assert.deepEqual(settled("tuned", "quick"), [{}, {}]);
  assert.deepEqual(settled("untuned", "phantom"), [{}, {}]);
  writeConfig("tuned/t.phantom.yaml", tuned("u"));
  assert.throws(() => settled("tuned", "phantom"), /t\.phantom\.yaml is of task "u" and profile "phantom"/);
});

test("a view looks at another experiment's runs, and at nothing that has none", () => {
  experiment("seen", inside);
  experiment("view", "kind: view\nof: seen\nshows: convergence\n");
  const view = readExperiment("view");
  assert.deepEqual([view.id, recordsOf(view), view.methods.length], ["view", "seen", 2]);
  experiment("view", "kind: view\nof: view\nshows: convergence\n");
  assert.throws(() => readExperiment("view"), /of: "view" is no inside experiment/);
});

test("every method has as many points in its grid", () => {
  const grids = (values: string) =>
    writeConfig("tuning.yaml", `seed: 1\nrounds: 3\npoints: 2\ngrids:\n  ditto: { source: s, values: ${values} }\n`);
  grids("[{ lambda: 1 }, { lambda: 2 }]");
  assert.equal(readGrids().grids.ditto.values.length, 2);
  grids("[{ lambda: 1 }]");
  assert.throws(readGrids, /grids\.ditto\.values: 1 points, but every method has 2/);
});

test("federations are shared with an experiment that has the very same", () => {
  const outside = (more: string, alpha = 0.1) =>
    `kind: outside\ntask: t\nfederation: { id: iop-fl, params: { alpha: ${alpha} } }\nmethods: [{ id: global }]\n${more}`;
  experiment("first", outside(""));
  experiment("shares", outside("federationsOf: first\n"));
  assert.equal(readExperiment("shares").kind, "outside");
  experiment("differs", outside("federationsOf: first\n", 0.2));
  assert.throws(
    () => readExperiment("differs"),
    /federationsOf: "first" has other federations, or none; name an outside/,
  );
  experiment("inside", inside);
  experiment("trains", outside("federationsOf: inside\n"));
  assert.throws(() => readExperiment("trains"), /federationsOf: "inside" has other federations, or none/);
});
