import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { latexDocument, latexTable, latexText } from "../../../lib/report/pack/latex";
import type { ResultTable } from "../../../lib/report/table";

/** Everything that TeX obeys, and names in other scripts. */
const hostile = '\\input{/etc/passwd} $x$ & # _ % ~ ^ { } < > | " ↑ – ± × “q” … é Ü ÿ 中 \u0000 \u202e';
const table: ResultTable = {
  title: `Scores of ${hostile}`,
  note: hostile,
  columns: ["site_1", hostile, "c", "d", "e", "f"],
  rows: [
    {
      label: hostile,
      cells: [
        { value: 0.5, digits: 3, interval: [0.4, 0.6], best: true },
        { value: undefined, digits: 3, notes: ["diverged"] },
        { value: undefined, digits: 3 },
        { value: -1.25, digits: 1, notes: [hostile] },
        { value: 1, digits: 0 },
        { value: 2, digits: 0 },
      ],
    },
  ],
  remarks: [hostile],
};
const small = {
  ...table,
  columns: table.columns.slice(0, 2),
  rows: [{ ...table.rows[0], cells: table.rows[0].cells.slice(0, 2) }],
};

test("nothing in a name is obeyed", () => {
  assert.equal(latexText("a_b & 5 % of $x$ #1 {}"), "a\\_b \\& 5 \\% of \\$x\\$ \\#1 \\{\\}");
  assert.equal(latexText("\\input{x}"), "\\textbackslash{}input\\{x\\}");
  assert.equal(latexText("Größe 中"), "Größe [U+4E2D]");
});

test("a table has its rules, as many cells in each row as columns, and the best in bold", () => {
  for (const drawn of [table, small]) {
    const text = latexTable(drawn, "a-1");
    assert.deepEqual(text.match(/\\(top|mid|bottom)rule/g), ["\\toprule", "\\midrule", "\\bottomrule"]);
    const rows = text.split("\n").filter((line) => line.endsWith(" \\\\"));
    assert.equal(rows.length, 2);
    for (const row of rows) assert.equal(row.match(/(?<!\\)&/g)?.length, drawn.columns.length);
    assert.ok(text.includes("\\textbf{0.500 [0.400, 0.600]}"));
    let depth = 0;
    for (const [brace] of text.matchAll(/(?<!\\)[{}]/g)) assert.ok((depth += brace === "{" ? 1 : -1) >= 0);
    assert.equal(depth, 0);
  }
});

const missing = spawnSync("pdflatex", ["--version"]).error !== undefined;
test("TeX compiles it", { skip: missing && "no pdflatex: apt-get install texlive-latex-recommended" }, () => {
  const folder = mkdtempSync(join(tmpdir(), "iopfl-tex-"));
  try {
    writeFileSync(join(folder, "wide.tex"), latexTable(table, "wide"));
    writeFileSync(join(folder, "small.tex"), latexTable(small, "small"));
    writeFileSync(join(folder, "tables.tex"), latexDocument(["wide", "small"]));
    const { status, stdout } = spawnSync(
      "pdflatex",
      ["-halt-on-error", "-interaction=nonstopmode", "-no-shell-escape", "tables.tex"],
      { cwd: folder, encoding: "utf8" },
    );
    assert.equal(
      status,
      0,
      stdout
        .split("\n")
        .filter((line) => line.startsWith("!"))
        .join("\n"),
    );
    assert.ok(existsSync(join(folder, "tables.pdf")));
    assert.match(stdout, /2 pages/);
    assert.doesNotMatch(stdout, /Missing character/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
