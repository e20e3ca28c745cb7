import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { jupyterCommand } from "../../lib/notebook/jupyter/lab-command";
import { notebookText, readNotebook } from "../../lib/notebook/runner/notebook-file";
import { patience } from "../support/patience";
import { createBench } from "../lab/support/small-experiment";
import { cannotDrive, command, startLab, type Lab } from "./lab-browser";
import { makeNotebook, temporaryFolder } from "./make-notebook";

const bench = createBench();
const folder = temporaryFolder();
let lab: Lab;

const cells = [
  'import { experiment, figure, markdown, plotly, slices, table } from "../../../lib/notebook";',
  'import { scratch } from "./scratch";\nscratch()',
  'const spec = { title: "Bars", data: { values: [{ x: "a", y: 1 }, { x: "b", y: 3 }] }, mark: "bar", encoding: { x: { field: "x" }, y: { field: "y", type: "quantitative" } } };\nfigure(spec)',
  'const pixels = Float32Array.from({ length: 5 * 24 * 24 }, (_, i) => i % 24);\nconst inside = (i: number) => (Math.hypot((i % 24) - 12, (Math.floor(i / 24) % 24) - 12) < 6 ? 1 : 0);\nconst truth = Float32Array.from(pixels, (_, i) => inside(i));\nslices({ title: "Ramp", count: 5, height: 24, width: 24, pixels, truth, prediction: truth.map((_, i) => inside(i + 2)) })',
  'table([{ method: "IOP-FL", dice: 0.5 }])',
  'plotly({ data: [{ type: "heatmap", z: [[1, 2], [3, 4]] }] }, { still: spec })',
  'const result = await experiment("inside", { profile: "longer", engine: "wasm", workers: 2 });\nresult.table()',
];
const figureCells = [2, 3, 5];
/** What is slow is no fault here, and other tests run beside this one: milliseconds until something that should appear is given up. */
const longest = 1000 * patience(36);

before(async () => {
  if (cannotDrive) return;
  const small = readFileSync(join(bench.configs, "profiles", "small.yaml"), "utf8");
  writeFileSync(
    join(bench.configs, "profiles", "longer.yaml"),
    small.replace("id: small", "id: longer").replace("rounds: 3", "rounds: 60"),
  );
  folder.write("scratch.ts", 'export const scratch = () => "first version";\n');
  folder.write(
    "walk.ipynb",
    notebookText({
      ...makeNotebook(...cells),
      metadata: { kernelspec: { name: "iop-fl", display_name: "TypeScript (IOP-FL Workbench)" } },
    }),
  );
  lab = await startLab(folder.path, {
    IOPFL_CONFIGS: bench.configs,
    IOPFL_RESULTS: bench.results,
    IOPFL_WORK: join(bench.configs, "..", "work"),
  });
});
after(async () => {
  for (const [index, page] of (lab?.browser.contexts() ?? []).flatMap((context) => context.pages()).entries())
    await lab.screenshot(page, `last-${index}`);
  await lab?.close();
  folder.remove();
  bench.remove();
});

const outputOf = (page: Page, cell: number) =>
  page.locator(".jp-Notebook .jp-Cell").nth(cell).locator(".jp-OutputArea-output");
const saysIn = (page: Page, cell: number, text: RegExp) =>
  outputOf(page, cell).filter({ hasText: text }).first().waitFor({ timeout: longest });

async function runCell(page: Page, cell: number): Promise<void> {
  await page.locator(".jp-Notebook .jp-Cell").nth(cell).locator(".cm-content").click();
  await command(page, "notebook:run-cell");
}

/** Every figure is there: as an image or a canvas of some size. */
async function assertFigures(page: Page, place: string): Promise<void> {
  for (const cell of figureCells) {
    const drawn = outputOf(page, cell).locator("img, canvas, svg").first();
    await drawn.waitFor({ timeout: longest });
    const { width = 0, height = 0 } = (await drawn.boundingBox()) ?? {};
    assert.ok(width > 50 && height > 50, `cell ${cell} in ${place}: ${width} x ${height}`);
  }
}

test(
  "a real JupyterLab: run all, watch, stop, edit, run again; then untrusted, and as HTML",
  { skip: cannotDrive, timeout: 5 * longest },
  async () => {
    const page = await lab.open("walk.ipynb");
    await command(page, "notebook:run-all-cells");

    const training = cells.length - 1;
    await saysIn(page, training, /inside: \d+ %, [1-9]\d* of \d+ rounds, .* ■ stops/);
    const status = outputOf(page, training).filter({ hasText: "■ stops" }).first();
    const earlier = await status.innerText();
    await outputOf(page, training).locator("canvas").first().waitFor();
    await status.filter({ hasNotText: earlier }).waitFor({ timeout: longest });
    await lab.screenshot(page, "1-training");
    await command(page, "notebook:interrupt-kernel");
    await saysIn(page, training, /stopped after .* run the cell again to go on/);
    await saysIn(page, training, /Interrupted/);
    await assertFigures(page, "JupyterLab");
    await lab.screenshot(page, "2-stopped");

    const viewer = outputOf(page, 3);
    await viewer.locator('input[type="range"]').first().fill("5");
    assert.equal(await viewer.locator('input[type="range"]').count(), 3, "slice, level, window");
    assert.equal(await viewer.locator('input[type="checkbox"]').count(), 2, "reference, prediction");
    const before = await viewer.locator("canvas").screenshot();
    await viewer.locator('input[type="checkbox"]').first().uncheck();
    await page.waitForTimeout(200);
    assert.ok(!before.equals(await viewer.locator("canvas").screenshot()), "the outline goes away");

    await saysIn(page, 1, /first version/);
    const edited = folder.write("scratch.ts", 'export const scratch = () => "second version";\n');
    utimesSync(edited, new Date(Date.now() + 5000), new Date(Date.now() + 5000));
    await runCell(page, 1);
    await saysIn(page, 1, /second version/);
    await runCell(page, training);
    await outputOf(page, training)
      .locator("table")
      .first()
      .waitFor({ timeout: 2 * longest });
    await lab.screenshot(page, "3-finished");
    await command(page, "docmanager:save");
    await page.locator(".jp-mod-dirty").waitFor({ state: "detached" });
    await page.close();

    const saved = readNotebook(join(folder.path, "walk.ipynb"));
    folder.write("untrusted.ipynb", notebookText({ ...saved, metadata: { ...saved.metadata, touched: true } }));
    const untrusted = await lab.open("untrusted.ipynb");
    await assertFigures(untrusted, "untrusted JupyterLab");
    await outputOf(untrusted, 4).locator("td").first().waitFor();
    await lab.screenshot(untrusted, "4-untrusted");
    await untrusted.close();

    const { program, args, env } = jupyterCommand("nbconvert", "--to", "html", join(folder.path, "walk.ipynb"));
    const converted = spawnSync(program, args, { env: { ...process.env, ...env }, encoding: "utf8" });
    assert.equal(converted.status, 0, converted.stderr);
    const html = await (await lab.browser.newContext({ offline: true })).newPage();
    await html.goto(`file://${join(folder.path, "walk.html")}`);
    await assertFigures(html, "HTML");
    await lab.screenshot(html, "5-html");
  },
);
