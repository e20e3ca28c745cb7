import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs, { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { WorkbenchError } from "../../lib/core/errors";
import { makeWritable, writeAtomic } from "../../lib/io/atomic";

test("a file appears whole, replaces the old one and leaves nothing beside it", () => {
  const folder = mkdtempSync(join(tmpdir(), "iop-fl-atomic-"));
  try {
    const path = join(folder, "deep", "result.json");
    writeAtomic(path, "first");
    writeAtomic(path, Uint8Array.of(0x6f, 0x6b));
    assert.equal(readFileSync(path, "utf8"), "ok");
    assert.deepEqual(readdirSync(join(folder, "deep")), ["result.json"]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a failed write leaves the target and no temporary file", () => {
  const folder = mkdtempSync(join(tmpdir(), "iop-fl-atomic-"));
  try {
    mkdirSync(join(folder, "target", "inside"), { recursive: true });
    assert.throws(() => writeAtomic(join(folder, "target"), "text"));
    assert.deepEqual(readdirSync(folder), ["target"]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a full disk is one line, and the old file stays", (context) => {
  const folder = mkdtempSync(join(tmpdir(), "iop-fl-atomic-"));
  try {
    const path = join(folder, "result.json");
    writeAtomic(path, "old");
    context.mock.method(fs, "writeFileSync", () => {
      throw Object.assign(new Error("write"), { code: "ENOSPC" });
    });
    assert.throws(
      () => writeAtomic(path, "new"),
      (error) => error instanceof WorkbenchError && /no space left on the disk for .*result\.json/.test(error.message),
    );
    assert.equal(readFileSync(path, "utf8"), "old");
    assert.deepEqual(readdirSync(folder), ["result.json"]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a disk that is read-only is one line that says so, also where folders are still to be made", (context) => {
  const folder = mkdtempSync(join(tmpdir(), "iop-fl-atomic-"));
  try {
    if (spawnSync("mount", ["-t", "tmpfs", "-o", "ro", "tmpfs", folder]).status !== 0)
      return context.skip("needs the right to mount a disk");
    const expected = /cannot write .* \(EROFS\); make the folder writable$/;
    for (const path of [join(folder, "result.json"), join(folder, "a", "b", "result.json")])
      assert.throws(() => writeAtomic(path, "text"), expected);
    for (const path of [folder, join(folder, "a", "b")]) assert.throws(() => makeWritable(path), expected);
  } finally {
    spawnSync("umount", [folder]);
    rmSync(folder, { recursive: true });
  }
});
