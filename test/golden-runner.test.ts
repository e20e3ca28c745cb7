import assert from "node:assert";
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { readSafeTensors, writeSafeTensors, type StoredTensor } from "../lib/io/safetensors";
import { loadTypescript } from "../lib/core/load-typescript";

const folders: string[] = [];
after(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

/** A folder with the exact case `transforms` alone, whose tensors `change` may alter. */
function folderWith(change: (tensors: Map<string, StoredTensor>) => void = () => {}): string {
  const folder = mkdtempSync(join(tmpdir(), "workbench-golden-"));
  folders.push(folder);
  cpSync(join(__dirname, "golden", "transforms.json"), join(folder, "transforms.json"));
  const tensors = new Map(
    readSafeTensors(readFileSync(join(__dirname, "golden", "transforms.safetensors")), "transforms").tensors,
  );
  change(tensors);
  writeFileSync(join(folder, "transforms.safetensors"), writeSafeTensors(tensors));
  return folder;
}

function golden(folder: string, engine = "wasm"): { output: string; status: number | null } {
  const parameters = [...loadTypescript, join(__dirname, "golden.ts"), "--engine", engine];
  const { stdout, stderr, status } = spawnSync(process.execPath, parameters, {
    encoding: "utf8",
    env: { ...process.env, GOLDEN_DIR: folder },
  });
  return { output: stdout + stderr, status };
}

test("a right case passes, and the cases that the folder lacks are named", () => {
  const { output, status } = golden(folderWith());
  assert.match(output, /not in this folder: unet, losses/);
  assert.match(output, /ok {4}transforms on wasm: 3 comparisons/);
  assert.match(output, /\n1 passed, 0 failed\n$/);
  assert.strictEqual(status, 0);
});

test("one wrong number fails", () => {
  const folder = folderWith((tensors) => {
    const stored = tensors.get("forward") as StoredTensor;
    const data = Float32Array.from(stored.data as Float32Array);
    data[5] += 1e-3;
    tensors.set("forward", { ...stored, data });
  });
  const { output, status } = golden(folder);
  assert.match(output, /FAIL {2}transforms on wasm[^]*forward: 1 of \d+ values off by more than 0/);
  assert.match(output, /\n0 passed, 1 failed\n$/);
  assert.strictEqual(status, 1);
});

test("a tensor that no check uses fails, by its name", () => {
  const { output, status } = golden(
    folderWith((tensors) => tensors.set("left over", { type: "F32", shape: [1], data: new Float32Array(1) })),
  );
  assert.match(output, /tensor "left over" was never used/);
  assert.strictEqual(status, 1);
});

test("a case that nobody knows fails, and so do an empty folder, an unknown engine and a missing folder", () => {
  const folder = folderWith();
  writeFileSync(join(folder, "riddle.json"), "{}");
  assert.match(golden(folder).output, /riddle: nobody knows this case[^]*1 passed, 1 failed/);
  const empty = mkdtempSync(join(tmpdir(), "workbench-golden-"));
  folders.push(empty);
  assert.strictEqual(golden(empty).status, 1);
  assert.match(golden(folder, "abacus").output, /unknown engine "abacus"/);
  assert.match(golden(join(empty, "nowhere")).output, /does not exist/);
});
