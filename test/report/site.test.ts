/** The site, small: a page, one executed notebook with hostile cells, an index. Nothing is loaded from elsewhere, and nothing runs. */
import { onlyExperiment, removeRecords, writeRecord } from "./own-report";
import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { site } from "../../lib/cli/commands/site";
import type { Notebook } from "../../lib/notebook/runner/notebook-file";
import { readExperiment, readTask } from "../../lib/records/config";
import { federation } from "./records";

const folder = mkdtempSync(join(tmpdir(), "iopfl-site-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const name = "04-inside-personalization";
/** Of an experiment that the profile quick leaves out. */
const larger = "11-official-code-audit";
const read = (...path: string[]) => readFileSync(join(folder, ...path), "utf8");
const script = `<script>alert(1)</script>`;

/** The committed notebook as if it had been executed, with outputs that would like to run. */
function writeExecuted(): void {
  const committed = resolve(__dirname, "../../notebooks", `${name}.ipynb`);
  const notebook = JSON.parse(readFileSync(committed, "utf8")) as Notebook;
  const output = (data: Record<string, unknown>) => ({ output_type: "display_data" as const, data, metadata: {} });
  notebook.cells.filter(({ cell_type: type }) => type === "code")[1].outputs = [
    output({ "text/html": script, "text/plain": script }),
    output({ "text/html": "<table><tr><td>0.871</td></tr></table>", "text/plain": "0.871" }),
    output({ "image/png": "iVBORw0KGgo=", "text/html": script, "text/plain": `" onerror="alert(1)` }),
    { output_type: "stream", name: "stdout", text: script },
  ];
  const place = join(process.env.IOPFL_WORK as string, "notebooks");
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, `${name}.ipynb`), JSON.stringify(notebook));
  copyFileSync(resolve(__dirname, "../../notebooks", `${larger}.ipynb`), join(place, `${larger}.ipynb`));
  // One that failed is not one that was executed: the list of pages below has none of it.
  const failed = "08-qualitative";
  const text = readFileSync(resolve(__dirname, "../../notebooks", `${failed}.ipynb`), "utf8");
  const broken = JSON.parse(text) as Notebook;
  const error = { output_type: "error" as const, ename: "Error", evalue: "x", traceback: [] };
  broken.cells.filter(({ cell_type: type }) => type === "code")[3].outputs = [error];
  writeFileSync(join(place, `${failed}.ipynb`), JSON.stringify(broken));
}

before(async () => {
  removeRecords();
  onlyExperiment();
  const { sites } = readTask(readExperiment("inside-prostate").task);
  const dice = Object.fromEntries(sites.map((at) => [at, [0.7, 0.8]]));
  for (const method of ["fedavg", "iop-fl"])
    writeRecord("inside-prostate", method, federation(method, 0, dice, { experiment: "inside-prostate" }));
  writeExecuted();
  await site({ out: folder, execute: false, api: false });
});

const pages = () =>
  (readdirSync(folder, { recursive: true, encoding: "utf8" }) as string[]).filter((path) => path.endsWith(".html"));

test("page, notebook and index are there, and every link between them leads somewhere", () => {
  assert.deepEqual(pages().sort(), [
    "index.html",
    join("notebooks", `${name}.html`),
    join("notebooks", `${larger}.html`),
    "report.html",
  ]);
  for (const path of pages())
    for (const [, href] of read(path).matchAll(/href="([^"]+)"/g)) {
      if (/^https:\/\//.test(href) || href === "api/index.html") continue;
      const [file, id] = href.split("#");
      const there = file === "" ? read(path) : read(join(path, "..", file));
      if (id) assert.ok(there.includes(`id="${decodeURIComponent(id)}"`), `${path}: ${href}`);
    }
});

test("notebook and section of the report link to each other", () => {
  assert.match(read("report.html"), new RegExp(`<a href="notebooks/${name}.html">${name}</a>`));
  assert.match(read("notebooks", `${name}.html`), /<a href="\.\.\/report\.html#inside-prostate">inside-prostate<\/a>/);
  // A notebook that was not executed is no page: its name stays.
  assert.doesNotMatch(read("report.html"), /\.ipynb/);
});

test("what notebooks put out is shown and never runs; nothing is loaded from elsewhere", () => {
  const shown = read("notebooks", `${name}.html`);
  assert.match(shown, /<td>0\.871<\/td>/);
  assert.match(shown, /<img alt="&#34; onerror=&#34;alert\(1\)" src="data:image\/png;base64,iVBORw0KGgo=">/);
  assert.match(shown, /&#60;script&#62;alert\(1\)&#60;\/script&#62;/);
  for (const path of pages()) {
    const html = read(path);
    assert.match(html, /Content-Security-Policy" content="default-src 'none';/, path);
    assert.ok(!/(src|srcset)="(?!data:)/.test(html), path);
    if (path !== "report.html") assert.ok(!/<script|<iframe|<link/.test(html), path);
  }
});

test("a notebook that has changed since it was executed is not shown as executed", async () => {
  const place = join(process.env.IOPFL_WORK as string, "notebooks", `${name}.ipynb`);
  const other = mkdtempSync(join(tmpdir(), "iopfl-site-"));
  writeFileSync(place, readFileSync(place, "utf8").replace("Inside personalization", "Another title"));
  rmSync(join(place, "..", `${larger}.ipynb`));
  await site({ out: other, execute: false, api: false });
  assert.deepEqual(readdirSync(join(other, "notebooks")), []);
  assert.match(readFileSync(join(other, "report.html"), "utf8"), new RegExp(`Step by step: [^<]*${name}`));
  rmSync(other, { recursive: true, force: true });
});
