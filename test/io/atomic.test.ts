import assert from "node:assert/strict";
import fs, { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { WorkbenchError } from "../../lib/core/errors";
import { writeAtomic } from "../../lib/io/atomic";

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
