import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { readNifti, writeNifti } from "../../lib/io/nifti";
import { createBench } from "../lab/support/small-experiment";

const bench = createBench();
const folder = mkdtempSync(join(tmpdir(), "iopfl-data-"));
const data = join(folder, "phantom");
after(() => {
  bench.remove();
  rmSync(folder, { recursive: true, force: true });
});
before(async () => {
  const { code, output } = await bench.iopfl(["data", "phantom", "two", "--profile", "small", "--out", data]);
  assert.equal(code, 0, output);
});

const image = join(data, "HK", "Case38.nii.gz");
const mask = join(data, "HK", "Case38_segmentation.nii.gz");

/** Damages a file, verifies the folder, puts the file back. */
async function withDamage(path: string, damage: () => void): Promise<{ code: number | null; output: string }> {
  const original = readFileSync(path);
  damage();
  const result = await bench.iopfl(["data", "verify", data]);
  writeFileSync(path, original);
  return result;
}

test("an intact folder passes, and every site is listed", async () => {
  const { code, output } = await bench.iopfl(["data", "verify", data]);
  assert.equal(code, 0, output);
  for (const site of ["BIDMC", "HK", "I2CVB", "ISBI", "ISBI_1.5", "UCL"])
    assert.ok(output.includes(`\n${site}: 3 of `), `${site} in ${output}`);
  assert.doesNotMatch(output, /FAULT/);
  assert.match(output, /^HK: missing 9 of 12 cases: Case41 /m);
});

test("a truncated NIfTI, a mask of another shape and a label that never occurs are named in one line each", async () => {
  const truncated = await withDamage(image, () => truncateSync(image, 500));
  assert.match(truncated.output, /^FAULT HK\/Case38 image: .*truncated/m);
  const { shape, spacing } = readNifti(readFileSync(mask), "file");
  const other = await withDamage(mask, () =>
    writeFileSync(
      mask,
      writeNifti({
        voxels: new Uint8Array(shape[0] * shape[1] * (shape[2] - 1)),
        shape: [shape[0], shape[1], shape[2] - 1],
        spacing,
      }),
    ),
  );
  assert.match(other.output, /^FAULT HK\/Case38: the image has shape \[6,32,32\], its mask \[6,32,31\]/m);
  const unlabelled = await withDamage(mask, () =>
    writeFileSync(mask, writeNifti({ voxels: new Uint8Array(shape[0] * shape[1] * shape[2]), shape, spacing })),
  );
  assert.match(unlabelled.output, /^FAULT HK\/Case38: .*the mask has no prostate/m);
  for (const { code, output } of [truncated, other, unlabelled]) {
    assert.equal(code, 1);
    assert.equal(output.split("\n").filter((line) => line.startsWith("FAULT")).length, 1, output);
    assert.match(output, /^iopfl: 1 fault in .*; mend or remove what they name, and verify it again$/m);
  }
});

test("a folder that is not a site is named", async () => {
  const odd = join(data, "HKX");
  mkdirSync(odd);
  writeFileSync(join(odd, "Case38.nii.gz"), "");
  const { code, output } = await bench.iopfl(["data", "verify", data]);
  renameSync(odd, join(folder, "HKX"));
  assert.equal(code, 1);
  assert.match(output, /^FAULT HKX is no folder of a site \(BIDMC, HK, .*\); left out: Case38\.nii\.gz$/m);
});

test("an experiment on an unknown site names it and the known ones, before anything is trained", async () => {
  const task = join(bench.configs, "tasks", "two.yaml");
  const original = readFileSync(task, "utf8");
  writeFileSync(task, original.replace("UCL", "UCLA"));
  const { code, output } = await bench.iopfl(["run", "inside", "--profile", "small", "--engine", "wasm"]);
  writeFileSync(task, original.replace("sites: [", "sites: [["));
  const malformed = await bench.iopfl(["run", "inside", "--profile", "small", "--engine", "wasm"]);
  writeFileSync(task, original);
  assert.deepEqual([code, malformed.code], [1, 1]);
  assert.match(output, /iopfl: unknown site "UCLA"; use one of BIDMC, HK, I2CVB, ISBI, ISBI_1\.5, UCL\n$/);
  assert.match(malformed.output, /^iopfl: configs\/tasks\/two\.yaml line [34]: [^\n]+\n$/);
});

test("a full disk: one line, and what was written before is whole", async (context) => {
  const small = join(folder, "small-disk");
  mkdirSync(small);
  if (spawnSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", small]).status !== 0) {
    context.skip("needs the right to mount a small disk; test/io/atomic.test.ts simulates the fault");
    return;
  }
  try {
    const { code, output } = await bench.iopfl(["data", "phantom", "two", "--profile", "small", "--out", small]);
    assert.equal(code, 1);
    assert.match(
      output.trim().split("\n").at(-1) ?? "",
      /^iopfl: no space left on the disk for .*; free some space and run the command again/,
    );
    assert.ok(readNifti(readFileSync(join(small, "BIDMC", "Case00_segmentation.nii.gz")), "file").voxels.length > 0);
  } finally {
    spawnSync("umount", [small]);
  }
});
