import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import { cleanNotebook, isClean } from "../../lib/notebook/runner/clean";
import { notebookText, readNotebook } from "../../lib/notebook/runner/notebook-file";
import { makeNotebook, temporaryFolder } from "./make-notebook";

const folder = temporaryFolder();
after(() => folder.remove());

test("cleaning removes what a run leaves behind and nothing else, and changes nothing the second time", () => {
  const notebook = makeNotebook("const a = 1;\na", { code: "const b = 2", tags: ["parameters"] });
  Object.assign(notebook.cells[0], {
    outputs: [{ output_type: "stream", name: "stdout", text: ["1"] }],
    execution_count: 4,
    metadata: { collapsed: true },
  });
  delete notebook.cells[1].id;
  const path = folder.write("used.ipynb", notebookText(notebook));
  assert.equal(isClean(path), false);
  assert.equal(cleanNotebook(path), true);
  const [first, second] = readNotebook(path).cells;
  assert.deepEqual(first, {
    cell_type: "code",
    id: "cell-0",
    metadata: {},
    source: ["const a = 1;\n", "a"],
    execution_count: null,
    outputs: [],
  });
  assert.deepEqual(second.metadata, { tags: ["parameters"] });
  assert.match(String(second.id), /^[0-9a-f]{8}$/);
  const once = readFileSync(path, "utf8");
  assert.equal(cleanNotebook(path), false);
  assert.equal(readFileSync(path, "utf8"), once);
});
