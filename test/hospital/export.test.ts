import * as tf from "@tensorflow/tfjs-core";
import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { startEngine } from "../../lib/engine";
import { exportModel } from "../../lib/hospital/export";
import { findModels } from "../../lib/hospital/find-models";
import { readSafeTensors, writeSafeTensors, type StoredTensor } from "../../lib/io/safetensors";
import { readSnapshot } from "../../lib/lab/jobs/snapshot-file";
import { createPredictor } from "../../lib/nets/run/predictor";
import { openGoldenCase } from "../golden-cases/golden-case";
import { asStored, images } from "../golden-cases/network";

const golden = join(__dirname, "../golden");
const folder = mkdtempSync(join(tmpdir(), "iopfl-export-"));
after(() => rmSync(folder, { recursive: true }));
const bitsOf = ({ data }: StoredTensor) => Buffer.from(data.buffer, data.byteOffset, data.byteLength);
const tensorsOf = (path: string) => readSafeTensors(readFileSync(path), path).tensors;

for (const container of ["zip", "legacy"])
  test(`a state dict of PyTorch (${container}) is exported as it was: names, order, shapes, types and bytes`, () => {
    const to = join(folder, `${container}.safetensors`);
    const wish = { models: join(golden, "checkpoint", `unet_${container}.pth`), profile: "tiny", task: "prostate" };
    const { keys } = exportModel(wish, "global", to);
    const [got, twin] = [tensorsOf(to), tensorsOf(join(golden, "checkpoint", "unet_twin.safetensors"))];
    // The unused heads, which segmenting never runs, are left out when it is read.
    const inOrder = openGoldenCase(golden, "checkpoint").json.unet_keys_in_order as string[];
    assert.deepEqual(
      [...got.keys()],
      inOrder.filter((name) => !/^(bn|fc)\./.test(name)),
    );
    assert.equal(keys, got.size);
    for (const [name, tensor] of got) {
      const want = twin.get(name) as StoredTensor;
      assert.deepEqual([tensor.type, tensor.shape], [want.type, want.shape], name);
      assert.ok(bitsOf(tensor).equals(bitsOf(want)), name);
    }
  });

test("what is there already is written over by nothing but the same bytes", () => {
  const to = join(folder, "there.safetensors");
  const wish = { models: join(golden, "checkpoint", "unet_zip.pth"), profile: "tiny" };
  writeFileSync(to, "something else");
  assert.throws(
    () => exportModel(wish, "global", to),
    /there\.safetensors is there already and holds something else; /,
  );
  assert.equal(readFileSync(to, "utf8"), "something else");
  const first = exportModel(wish, "global", join(folder, "zip.safetensors"));
  assert.deepEqual(exportModel(wish, "global", join(folder, "zip.safetensors")), first);
});

before(async () => void (await startEngine("wasm")));

test("through export and import a network has the same logits, those of PyTorch", async () => {
  const oracle = openGoldenCase(golden, "unet");
  const entries = oracle.keys("state/").map((key): [string, StoredTensor] => [key.slice(6), oracle.tensor(key)]);
  writeFileSync(join(folder, "oracle.safetensors"), writeSafeTensors(entries));
  const to = join(folder, "exported.safetensors");
  exportModel({ models: join(folder, "oracle.safetensors"), profile: "quick" }, "global", to);
  const { shape, state } = readSnapshot(to);
  const predictor = createPredictor(shape, state);
  const input = images(oracle.tensor("input"));
  const logits = predictor.predict(input);
  oracle.compare("logits", await asStored(logits), oracle.tensor("logits_eval").data as Float32Array, "logits_eval");
  tf.dispose([logits, input]);
  predictor.dispose();
  const { comparisons, failures } = oracle.report();
  assert.deepEqual([comparisons, failures], [1, []]);
});

test("a folder of snapshots is a bank: the global one, and the clients in the order of their index", () => {
  const bank = join(folder, "bank");
  mkdirSync(bank);
  const from = join(golden, "checkpoint", "unet_zip.pth");
  for (const name of ["fedavg_idx_10_round55", "fedavg_global_round95", "fedavg_idx_2_round55.pth", "notes.txt"])
    copyFileSync(name === "notes.txt" ? __filename : from, join(bank, name));
  const { personal, task, shape, side, from: where } = findModels({ models: bank, profile: "tiny" });
  assert.deepEqual(
    personal.map(({ name }) => name),
    ["fedavg_idx_2_round55", "fedavg_idx_10_round55"],
  );
  assert.deepEqual([task.id, shape, side], ["prostate", { features: 2, inChannels: 3, classes: 2 }, 32]);
  assert.equal(where, "snapshots bank, 3 models");
  assert.throws(
    () => findModels({ models: bank, profile: "quick" }),
    /the snapshots have 2 features, profile quick 4; choose --profile by the width/,
  );
  copyFileSync(from, join(bank, "global.pth"));
  assert.throws(() => findModels({ models: bank, profile: "tiny" }), /holds 4 snapshots, of which 2 are called global/);
});

test("of a file that is no snapshot, and of a name that nothing has, is said what it is", () => {
  assert.throws(() => findModels({ models: __filename, profile: "tiny" }), /export\.test\.ts.*; /);
  assert.throws(() => findModels({ models: "inside-prostata", profile: "tiny" }), /did you mean "inside-prostate"\?/);
  const wish = { models: join(golden, "checkpoint", "unet_zip.pth"), profile: "tiny" };
  assert.throws(() => exportModel(wish, "HK", join(folder, "no")), /there is no model of "HK" .*; use one of global/);
  assert.throws(() => findModels({ ...wish, task: "fundus" }), /are not those of task "fundus"; use one of prostate/);
});
