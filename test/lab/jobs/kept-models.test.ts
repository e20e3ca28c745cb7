import "../support/own-folders";
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { createLayout } from "../../../lib/core/layout";
import { writeStateFile } from "../../../lib/federation/store/state-file";
import { modelsPath } from "../../../lib/lab/jobs/job-parts";
import { dropDamagedModels, hasWholeModels } from "../../../lib/lab/jobs/kept-models";

const job = { id: "0123456789abcdef", name: "federation.without-\x1b[2JHK" };
const path = modelsPath(job.id);
const layout = createLayout([{ name: "w", shape: [2, 2], role: "kernel", block: "b" }]);
const write = () =>
  writeStateFile(path, { states: new Map([["global", { layout, values: Float32Array.of(1, 2, 3, 4) }]]), note: "n" });

/** @returns what goes to stderr meanwhile */
function said(work: () => void): string {
  const { write: original } = process.stderr;
  let text = "";
  process.stderr.write = (chunk: string | Uint8Array) => ((text += String(chunk)), true);
  try {
    work();
  } finally {
    process.stderr.write = original;
  }
  return text;
}

const damages: Readonly<Record<string, () => void>> = {
  "a flipped bit": () => {
    const bytes = readFileSync(path);
    bytes[bytes.length - 3] ^= 1;
    writeFileSync(path, bytes);
  },
  "half a file": () => writeFileSync(path, readFileSync(path).subarray(0, 100)),
  "an empty file": () => writeFileSync(path, ""),
  "a folder": () => {
    rmSync(path);
    mkdirSync(join(path, "x"), { recursive: true });
  },
  ...(process.platform === "win32"
    ? {}
    : {
        "a pipe": () => {
          rmSync(path);
          execFileSync("mkfifo", [path]);
        },
      }),
};

test("whole models are kept, and those that are not there are no damage", () => {
  assert.equal(hasWholeModels(job.id), false);
  assert.equal(
    said(() => dropDamagedModels(job)),
    "",
  );
  write();
  assert.equal(hasWholeModels(job.id), true);
  assert.equal(
    said(() => dropDamagedModels(job)),
    "",
  );
  assert.ok(existsSync(path));
});

for (const [what, damage] of Object.entries(damages))
  test(`${what} in place of models counts as missing; who trains them anew removes it and says so in one line`, () => {
    rmSync(path, { recursive: true, force: true });
    write();
    damage();
    assert.equal(hasWholeModels(job.id), false);
    assert.ok(existsSync(path), "to look removes nothing");
    const line = said(() => dropDamagedModels(job));
    assert.match(line, /^the models of federation\.without-\\x1b\[2JHK are damaged \(.*\); they are made again\n$/);
    assert.equal(existsSync(path), false);
  });
