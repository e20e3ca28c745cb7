import { ownFolder } from "../support/own-folders";
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { machineId } from "../../../lib/io/owner";
import { withoutGit } from "../../support/git";
import { helperFolderPrefix, removeLeftovers, verifyFolderPrefix } from "../../../lib/lab/locks/leftovers";

const work = join(ownFolder, "work");
const root = join(__dirname, "../../..");
/** The id of a process that has ended. */
const { pid: dead } = spawnSync(process.execPath, ["-e", ""]);
const part = (pid: number) => `.record.json.${machineId().slice(0, 8)}-${pid}-0123456789ab.tmp`;

test("what killed commands left is removed, what living ones need is not", () => {
  const places = [
    join(work, "models"),
    join(work, "data", "phantom", "HK"),
    join(ownFolder, "results", "quick", "inside"),
  ];
  for (const folder of places) {
    mkdirSync(folder, { recursive: true });
    for (const name of [part(dead), part(process.pid), "record.json"]) writeFileSync(join(folder, name), "");
  }
  const living = [mkdtempSync(verifyFolderPrefix()), mkdtempSync(helperFolderPrefix())];
  const gone = living.map((path) => path.replace(`-${process.pid}-`, `-${dead}-`)).concat(join(work, "verify-AbCdEf"));
  for (const path of gone) mkdirSync(join(path, "inside"), { recursive: true });
  removeLeftovers();
  for (const folder of places) assert.deepEqual(readdirSync(folder).sort(), [part(process.pid), "record.json"].sort());
  for (const path of living) assert.ok(existsSync(path), path);
  for (const path of gone) assert.ok(!existsSync(path), path);
  for (const path of living) rmSync(path, { recursive: true });
});

test("git ignores parts wherever they lie", { skip: withoutGit }, () => {
  const inside = (path: string) => spawnSync("git", ["check-ignore", "-q", path], { cwd: root }).status;
  for (const folder of [
    "results/phantom/inside-prostate",
    "results/released/phantom",
    "notebooks",
    "configs/verify",
    ".",
  ])
    assert.equal(inside(join(folder, part(dead))), 0, folder);
  assert.equal(inside("results/phantom/inside-prostate/fedavg.seed0.json"), 0, "own records stay here");
  assert.equal(inside("results/released/phantom/inside-prostate.records.jsonl"), 1, "released ones are committed");
  assert.equal(inside("results/bench/sizing.md"), 1);
});
