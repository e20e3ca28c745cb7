import assert from "node:assert/strict";
import { test } from "node:test";
import { parseConfig } from "../../lib/io/config";
import { profileSchema, readExperiment, readProfile, readTask } from "../../lib/records/config";
import { configIds } from "../../lib/records/paths";

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
