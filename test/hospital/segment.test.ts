import * as tf from "@tensorflow/tfjs-core";
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { sha256 } from "../../lib/core/hash";
import { createRandom } from "../../lib/core/random";
import { joinSets } from "../../lib/data/set/slice-sets";
import { startEngine } from "../../lib/engine";
import { runAdaptation } from "../../lib/federation/evaluate/adaptation";
import { volumetricDice } from "../../lib/metrics/dice";
import { imageKinds } from "../../lib/hospital/kinds";
import { openOwnFolder } from "../../lib/hospital/own-folder";
import type { NamedImage, SegmentRequest } from "../../lib/hospital/request";
import { readCase, readTelemetry } from "../../lib/hospital/results";
import { segment } from "../../lib/hospital/segment";
import { readNifti, writeNifti } from "../../lib/io/nifti";
import { adaptationOf } from "../../lib/methods/registry";
import { initialiseUNet } from "../../lib/nets/model/initialise";
import { leavingNoTensorsAsync, pattern } from "../engine/engines";

const folder = mkdtempSync(join(tmpdir(), "iopfl-segment-"));
const images = join(folder, "images");
const [side, shape] = [16, { inChannels: 3, classes: 2, features: 2 }];
const wish = { side, reading: "intended", orientations: ["RAS"] } as const;
const weights = (name: string) => initialiseUNet(shape, createRandom(name));
/** Slices of three volumes: batches of 5 go across their borders. */
const depths = { "a.nii.gz": 3, "b.nii": 4, "c.nii": 2 };

const named = Object.entries(depths).map(([name, depth], seed): NamedImage => {
  mkdirSync(images, { recursive: true });
  const voxels = pattern(depth * side * side, seed + 1);
  const bytes = writeNifti({ voxels, shape: [depth, side, side], spacing: [3, 1, 1] }, { gzip: name.endsWith("gz") });
  writeFileSync(join(images, name), bytes);
  return { name, sha256: sha256(bytes), fingerprint: `of ${name}`, finished: false };
});
const bytesOf = (name: string) => new Uint8Array(readFileSync(join(images, name)));
const opened = named.map(({ name }) => imageKinds.prostate.open(bytesOf(name), name, 2, wish).slices);

function request(out: string, more: Partial<SegmentRequest>): SegmentRequest {
  const bank = { global: weights("global"), personal: [weights("one"), weights("two")] };
  return {
    shape,
    ...bank,
    task: "prostate",
    kind: "prostate",
    wish,
    images,
    names: named,
    run: "this",
    out: join(folder, out),
    ...more,
  };
}
const hooks = { onProgress: () => undefined, warn: (line: string) => assert.fail(line) };
const maskOf = (out: string, name: string) => [
  ...readNifti(readFileSync(join(folder, out, "masks", name)), name).voxels,
];

before(async () => void (await startEngine("wasm")));
after(() => rmSync(folder, { recursive: true }));

/** What an experiment's runner predicts for the same slices, one image behind the other. */
async function byExperiment(id: string, batch: number, epochs: number) {
  const method = adaptationOf(id);
  const { global, personal } = request("", {});
  const { masks, epochs: passes } = await runAdaptation({
    method,
    params: method.params.parse({}),
    bank: { shape, global, personal },
    outside: joinSets("", opened),
    random: createRandom("prostate/3").child("adaptation").child("hospital"),
    ...{ batch, epochs },
  });
  let first = 0;
  const cut = opened.map(({ count }) => masks.subarray(first * side * side, (first += count) * side * side));
  return { cut, telemetry: passes[passes.length - 1].telemetry };
}

/** One that learns from batch to batch, and one that looks at the whole set before each pass. */
for (const [id, passes] of [
  ["iop-fl", 2],
  ["shot", 3],
] as const)
  test(`masks, and what ${id} saw of itself, are those of an experiment on the same slices`, async () => {
    const method = { id, params: adaptationOf(id).params.parse({}), batch: 5, epochs: 2, seed: 3 };
    const progress: number[] = [];
    const onProgress = (done: number, total: number) => void progress.push(done / total);
    await leavingNoTensorsAsync(() => segment(request(id, { method }), { ...hooks, onProgress }));
    const [want, untouched] = [await byExperiment(id, 5, 2), await byExperiment("global", 16, 1)];
    const out = openOwnFolder(join(folder, id));
    named.forEach(({ name, fingerprint }, index) => {
      assert.deepEqual(maskOf(id, name), [...want.cut[index]], name);
      const known = readCase(out, name, fingerprint);
      assert.equal(known?.agreement, volumetricDice(untouched.cut[index], want.cut[index]), name);
      assert.deepEqual(known?.pixels, [want.cut[index].reduce((sum, label) => sum + label, 0)]);
      assert.ok((known?.after.entropy ?? 2) < (known?.before?.entropy ?? -1), "both minimise entropy");
    });
    assert.deepEqual(readTelemetry(out, "this"), want.telemetry);
    assert.deepEqual(readTelemetry(out, "another"), {});
    // One pass of the global model in batches of 16, those of the method in batches of 5.
    const steps = 1 + 2 * passes;
    assert.deepEqual(
      progress,
      Array.from({ length: steps }, (_, step) => (step + 1) / steps),
    );
  });

test("without a method the one model predicts, whatever lies beside an image", async () => {
  await segment(request("predicted", { personal: [] }), hooks);
  const { cut } = await byExperiment("global", 16, 1);
  named.forEach(({ name }, index) => assert.deepEqual(maskOf("predicted", name), [...cut[index]], name));
  const alone = { names: [named[1]], personal: [] };
  await segment(request("alone", alone), hooks);
  assert.deepEqual(maskOf("alone", "b.nii"), [...cut[1]]);
});

test("a mask that is there is not written again, and a file that changed meanwhile stops the run", async () => {
  const names = named.map((image, index) => ({ ...image, finished: index === 0 }));
  await segment(request("rest", { names, personal: [] }), hooks);
  assert.throws(() => maskOf("rest", "a.nii.gz"), /ENOENT/);
  assert.equal(maskOf("rest", "c.nii").length, 2 * side * side);
  const changed = [{ ...named[0], sha256: "other" }];
  await assert.rejects(
    () => segment(request("changed", { names: changed }), hooks),
    /a\.nii\.gz changed while the command ran/,
  );
  assert.equal(tf.memory().numTensors, 0);
});

test("an adaptation that is stopped says so", async () => {
  const stop = new AbortController();
  const method = { id: "iop-fl", params: adaptationOf("iop-fl").params.parse({}), batch: 5, epochs: 2, seed: 3 };
  const stopping = { ...hooks, signal: stop.signal, onProgress: () => stop.abort() };
  await assert.rejects(() => segment(request("stopped", { method }), stopping), /was interrupted/);
});
