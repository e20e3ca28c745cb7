import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { notebookDiff } from "../../lib/notebook/runner/diff";
import { notebookText } from "../../lib/notebook/runner/notebook-file";
import { percentText } from "../../lib/notebook/runner/percent-text";
import { withoutGit } from "../support/git";
import { makeNotebook } from "./make-notebook";

const folder = mkdtempSync(join(tmpdir(), "iopfl-diff-test-"));
after(() => rmSync(folder, { recursive: true, force: true }));

function git(...args: string[]): void {
  const identity = ["-c", "user.name=test", "-c", "user.email=test@example.org"];
  const { status, stderr } = spawnSync("git", [...identity, ...args], { cwd: folder, encoding: "utf8" });
  assert.equal(status, 0, stderr);
}

test("a notebook as text: kinds, ids, tags and sources, nothing else", () => {
  const notebook = makeNotebook({ code: "const a = 1;", tags: ["parameters"] }, "a + 1");
  notebook.cells.unshift({ id: "title", cell_type: "markdown", metadata: {}, source: ["# Title\n", "\n", "Prose."] });
  notebook.cells[2].outputs = [{ output_type: "stream", name: "stdout", text: "noise" }];
  const expected = [
    "// %% [markdown] title",
    "// # Title",
    "//",
    "// Prose.",
    "",
    "// %% cell-0 tags: parameters",
    "const a = 1;",
    "",
    "// %% cell-1",
    "a + 1",
    "",
  ];
  assert.equal(percentText(notebook), expected.join("\n"));
});

test("the difference to a commit shows changed lines of cells, and no outputs", { skip: withoutGit }, () => {
  const path = join(folder, "walk.ipynb");
  writeFileSync(path, notebookText(makeNotebook("const a = 1;", "a")));
  git("init", "--quiet");
  git("add", "walk.ipynb");
  git("commit", "--quiet", "--no-gpg-sign", "-m", "first");
  const run = makeNotebook("const a = 1;", "a");
  Object.assign(run.cells[1], { outputs: [{ output_type: "stream", name: "stdout", text: "1" }], execution_count: 2 });
  writeFileSync(path, notebookText(run));
  assert.equal(notebookDiff(path), "");
  writeFileSync(path, notebookText(makeNotebook("const a = 2;", "a")));
  const lines = notebookDiff(path).split("\n");
  assert.deepEqual(lines.slice(0, 2), ["--- walk.ipynb (HEAD)", "+++ walk.ipynb"]);
  assert.deepEqual(
    lines.filter((line) => /^[-+](?![-+])/.test(line)),
    ["-const a = 1;", "+const a = 2;"],
  );
  writeFileSync(join(folder, "new.ipynb"), notebookText(makeNotebook("1")));
  assert.match(notebookDiff(join(folder, "new.ipynb")), /^--- new\.ipynb \(not there\)\n/);
  assert.throws(() => notebookDiff(path, "no-such-commit"), /git knows no commit "no-such-commit" here; /);
});
