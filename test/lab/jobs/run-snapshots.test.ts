import assert from "node:assert/strict";
import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { readStateFile } from "../../../lib/federation/store/state-file";
import type { RunRecord } from "../../../lib/records/schema";
import { snapshotBytes } from "../../../lib/lab/jobs/snapshot-file";
import { unetLayout } from "../../../lib/nets/model/unet-layout";
import { createBench } from "../support/small-experiment";

const bench = createBench();
after(() => bench.remove());
const golden = join(__dirname, "../../golden/checkpoint");
const shape = { inChannels: 3, classes: 2, features: 2 };
const run = (...args: string[]) =>
  bench.iopfl(["run", "outside", "--profile", "small", "--engine", "wasm", "--only", "site=HK", ...args]);
const records = (experiment: string) =>
  Object.entries(bench.records(experiment)).map(([name, text]) => ({ name, record: JSON.parse(text) as RunRecord }));
const folder = join(bench.work, "snapshots", "HK");
const place = (files: Record<string, Uint8Array>) => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
};

test("models that leave as snapshots and come back give the numbers of the federation they came from", async () => {
  // Without --only the federation itself is planned too; its models then stay below the work folder.
  const trained = await bench.iopfl(["run", "outside", "--profile", "small", "--engine", "wasm"]);
  assert.equal(trained.code, 0, trained.output);
  const before = records("outside").flatMap(({ record }) =>
    record.kind === "adaptation" && record.heldOut === "HK" ? [record] : [],
  );
  assert.equal(before.length, 2);
  const models = join(bench.work, "models", `${before[0].federation}.safetensors`);
  const { states } = readStateFile(models) ?? { states: new Map() };
  const names = ["global", ...[...states.keys()].filter((name) => name !== "global")];
  place(
    Object.fromEntries(
      names.map((name, index) => [
        index === 0 ? "fedavg_global_round3.safetensors" : `fedavg_idx_${index - 1}_round3.safetensors`,
        snapshotBytes({ shape, state: states.get(name)!, leftOut: [] }),
      ]),
    ),
  );

  const { code, output } = await run("--snapshots", join(bench.work, "snapshots"));
  assert.equal(code, 0, output);
  const after = records("outside.snapshots").map(({ record }) => record);
  assert.deepEqual(after.map(({ method }) => method).sort(), before.map(({ method }) => method).sort());
  for (const record of after) {
    const twin = before.find(({ method }) => method === record.method);
    assert.deepEqual(record.kind === "adaptation" && record.epochs, twin?.epochs, record.method);
  }
  assert.match((await run("--snapshots", folder)).output, /0 jobs computed, 2 reused/);
});

test("six files of torch.save in the official folder run as they are; a file that does not fit is named", async () => {
  place({});
  cpSync(join(golden, "unet_zip.pth"), join(folder, "fedavg_global_round96"));
  for (let index = 0; index < 5; index++)
    cpSync(
      join(golden, index % 2 ? "unet_zip.pth" : "unet_legacy.pth"),
      join(folder, `fedavg_idx_${index}_round8${index}`),
    );
  const { code, output } = await run("--snapshots", folder);
  assert.equal(code, 0, output);
  assert.match(output, /2 jobs computed/);
  rmSync(join(folder, "fedavg_idx_2_round82"));
  assert.match(
    (await run("--snapshots", folder)).output,
    /snapshots of HK: 1 global, indices 0, 1, 3, 4; want one global and indices from 0 without gaps/,
  );
  writeFileSync(join(folder, "fedavg_idx_2_round82"), "<html>not found</html>");
  const broken = await run("--snapshots", folder);
  assert.match(broken.output, /iopfl: HK\/fedavg_idx_2_round82: is a web page, not a file of torch\.save; .*\n$/);
  assert.equal(broken.code, 1);
});

test("as many personal models are routed as there are; another width and a folder of no site are one line", async () => {
  for (const count of [1, 7]) {
    place({});
    cpSync(join(golden, "unet_zip.pth"), join(folder, "fedavg_global"));
    for (let index = 0; index < count; index++) cpSync(join(golden, "unet_legacy.pth"), join(folder, `idx_${index}`));
    const { code, output } = await run("--snapshots", folder);
    assert.equal(code, 0, output);
    assert.match(output, /2 jobs computed/);
  }
  const layout = unetLayout({ ...shape, features: 4 });
  const state = { layout, values: new Float32Array(layout.reduce((sum, { size }) => sum + size, 0)).fill(1) };
  place({
    "fedavg_global.safetensors": snapshotBytes({ shape: { ...shape, features: 4 }, state, leftOut: [] }),
    "idx_0.safetensors": new Uint8Array(0),
  });
  const other = await run("--snapshots", folder);
  assert.match(
    other.output,
    /HK\/fedavg_global\.safetensors has 4 features, 3 channels in and 2 classes, profile small wants 2 features.*choose the profile/,
  );
  const nowhere = await run("--snapshots", join(bench.work, "models"));
  assert.match(nowhere.output, /models is not named after a site and has no folder of one/);
  assert.deepEqual([other.code, nowhere.code], [1, 1]);
});
