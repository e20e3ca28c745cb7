import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs, { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { WorkbenchError } from "../../lib/core/errors";
import { makeWritable, removeDeadParts, removePartsOf, writeAtomic } from "../../lib/io/atomic";
import { loadTypescript } from "../../lib/core/load-typescript";

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
    const expected =
      /cannot write .* \(EROFS\); make the folder writable, or name others with IOPFL_RESULTS \(records\) and IOPFL_WORK \(all else\)$/;
    for (const path of [join(folder, "result.json"), join(folder, "a", "b", "result.json")])
      assert.throws(() => writeAtomic(path, "text"), expected);
    for (const path of [folder, join(folder, "a", "b")]) assert.throws(() => makeWritable(path), expected);
  } finally {
    spawnSync("umount", [folder]);
    rmSync(folder, { recursive: true });
  }
});

test("parts that dead processes left are removed; those of living ones and of other machines are not", () => {
  const folder = mkdtempSync(join(tmpdir(), "iop-fl-atomic-"));
  try {
    const atomic = join(__dirname, "../../lib/io/atomic");
    const path = join(folder, `${"long".repeat(60)}.json`);
    const kill = `
      const fs = require("node:fs");
      fs.renameSync = () => process.kill(process.pid, "SIGKILL");
      require(${JSON.stringify(atomic)}).writeAtomic(${JSON.stringify(path)}, "half");`;
    const { signal } = spawnSync(process.execPath, [...loadTypescript, "-e", kill]);
    assert.equal(signal, "SIGKILL");
    const [dead] = readdirSync(folder);
    const living = dead.replace(/-\d+-(?=\w+\.tmp)/, `-${process.pid}-`);
    const elsewhere = dead.replace(/[0-9a-f]{8}(?=-\d+-\w+\.tmp)/, "00000000");
    assert.equal(new Set([dead, living, elsewhere]).size, 3);
    for (const name of [living, elsewhere, "own.tmp", ".own-notes.tmp"]) fs.writeFileSync(join(folder, name), "");
    removeDeadParts(folder);
    assert.deepEqual(readdirSync(folder).sort(), [".own-notes.tmp", elsewhere, living, "own.tmp"].sort());
    fs.utimesSync(join(folder, elsewhere), 0, 0);
    removeDeadParts(folder);
    assert.ok(!readdirSync(folder).includes(elsewhere), "after a day nobody writes it any more");
    removePartsOf(path);
    assert.deepEqual(readdirSync(folder).sort(), [".own-notes.tmp", "own.tmp"]);
    removeDeadParts(join(folder, "not there"));
  } finally {
    rmSync(folder, { recursive: true });
  }
});
