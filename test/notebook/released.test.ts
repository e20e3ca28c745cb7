/** Committed results in a notebook: read and not computed, with a line that says whose they are. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { readExperiment } from "../../lib/records/config";
import { projectRoot } from "./make-notebook";

/** What a cell would show, as text. */
function shown(code: string): string {
  const script = `void require("./lib/notebook").${code}`;
  const { stdout, stderr, status } = spawnSync(process.execPath, ["-r", "./lib/cli/register.cjs", "-e", script], {
    cwd: projectRoot,
    encoding: "utf8",
  });
  assert.equal(status, 0, stderr);
  return stdout;
}

interface Line {
  readonly record: {
    readonly method: string;
    /** Columns of the cases; Dice as the ratio of two counts. */
    readonly scores: readonly { part: string; model: string; cases: { "@columns": { dice: readonly string[] } } }[];
  };
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

test("committed results are shown as they are committed, in the experiment's order, and nothing is computed", () => {
  const text = shown('released("controls-prostate")');
  assert.match(
    text,
    /controls-prostate: committed results of the profile `phantom` .*nothing is computed here; (all )?\d+ .*engine `tensorflow`; .*commit [0-9a-f]{12}/,
  );
  const path = join(projectRoot, "results", "released", "phantom", "controls-prostate.records.jsonl");
  const lines = readFileSync(path, "utf8").trim().split("\n");
  const [record] = lines
    .map((line) => (JSON.parse(line) as Line).record)
    .filter(({ method }) => method === "local-only");
  const own = record.scores.filter(({ part, model }) => part === "test" && model === "personal");
  const ratio = (text: string) =>
    text
      .split("/")
      .map(Number)
      .reduce((above, below) => above / below);
  const dice = mean(own.map(({ cases }) => mean(cases["@columns"].dice.map(ratio))));
  assert.match(text, new RegExp(`\\nlocal-only.* ${dice.toFixed(3)} `));
});

test("rows stand in the experiment's order, and the answer is a sentence", () => {
  const text = shown('released("inside-prostate")');
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
