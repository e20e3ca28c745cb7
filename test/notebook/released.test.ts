/** Committed results in a notebook: read and not computed, with a line that says whose they are. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { readExperiment } from "../../lib/records/config";
import { readReleased } from "../../lib/records/release/released";
import { projectRoot } from "./make-notebook";
import { loadTypescript } from "../../lib/core/load-typescript";

/** What a cell would show, as text. */
function shown(code: string): string {
  const script = `void require("./lib/notebook").${code}`;
  const { stdout, stderr, status } = spawnSync(process.execPath, [...loadTypescript, "-e", script], {
    cwd: projectRoot,
    encoding: "utf8",
  });
  assert.equal(status, 0, stderr);
  return stdout;
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

const text = shown('released("inside-prostate")');

test("committed results are shown as they are committed, and nothing is computed", () => {
  assert.match(
    text,
    /inside-prostate: committed results of the profile `phantom` .*nothing is computed here; (all )?\d+ .*engine `tensorflow`; .*commit [0-9a-f]{12}/,
  );
  const records = [...readReleased("phantom", "inside-prostate").records.values()].map(({ record }) => record);
  const bySite = new Map<string, number[]>();
  for (const record of records) {
    if (record.kind !== "federation" || record.method !== "fedprox") continue;
    for (const { site, part, model, cases } of record.scores)
      if (part === "test" && model === "personal")
        bySite.set(site, [...(bySite.get(site) ?? []), ...cases.map(({ dice }) => dice)]);
  }
  assert.equal(bySite.size, 6);
  const dice = mean([...bySite.values()].map(mean));
  const row = text.split("\n").find((line) => line.startsWith("fedprox")) ?? "";
  assert.ok(row.includes(` ${dice.toFixed(3)} [`), row);
});

test("rows stand in the experiment's order, and the answer is a sentence", () => {
  const labels = readExperiment("inside-prostate").methods.map(({ id, variant }) =>
    variant ? `${id} (${variant})` : id,
  );
  const main = text.slice(0, text.indexOf("\n\n", text.indexOf("\nmethod")));
  const places = labels.map((label) => main.search(new RegExp(`\\n${label.replace(/[()]/g, "\\$&")}[ *]`)));
  assert.ok(places.every((place) => place > 0));
  assert.deepEqual(
    places,
    [...places].sort((a, b) => a - b),
  );
  assert.match(text, /\*\*Here iop-fl is .*\.\*\*/);
});

test("where nothing is committed, the command that makes it", () => {
  assert.match(
    shown('released("inside-prostate", { profile: "paper" })'),
    /No results of `inside-prostate` at the profile `paper` are committed yet; `npx iopfl run inside-prostate --profile paper` makes them/,
  );
});
