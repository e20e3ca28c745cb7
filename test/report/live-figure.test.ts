/** Figures of the page can be explored: drawn again from what is in the page, by nothing that the page's policy does not allow. */
import { onlyExperiment, removeRecords, writeRecord } from "./own-report";
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { Page } from "playwright-core";
import { readTask } from "../../lib/records/config";
import { buildReport } from "../../lib/report/build-report";
import { compactRows } from "../../lib/report/compact-rows";
import { look, until, withoutBrowser as skip } from "./look";
import { federation } from "./records";

const methods = ["one", "two", "three"];
let address = "";

before(async () => {
  removeRecords();
  const listed = methods.map((id) => `  - { id: ${id} }\n`).join("");
  onlyExperiment("few", `id: few\nquestion: Which of few?\nkind: inside\ntask: prostate\nmethods:\n${listed}`);
  const { sites } = readTask("prostate");
  for (const [index, method] of methods.entries()) {
    const dice = Object.fromEntries(sites.map((site, s) => [site, [0.5 + index / 8 + s / 100, 0.6 + index / 9]]));
    writeRecord("few", method, federation(method, 0, dice));
  }
  address = pathToFileURL((await buildReport("quick")).page).href;
});

/** The figure of one title, drawn to be explored. */
async function explored(page: Page, title: string) {
  const figure = page.locator("figure", { has: page.locator(`svg[aria-label^="${title}"]`) });
  await figure.getByRole("button", { name: "Explore" }).focus();
  await page.keyboard.press("Enter");
  await figure.locator(".drawing svg").waitFor();
  return { figure, drawing: figure.locator(".drawing"), said: figure.locator("p.soft") };
}

test("rows are packed without losing what is read of them", () => {
  const packed = compactRows([
    { site: "B", dice: 0.8123456789 },
    { site: "A", dice: 0.5, low: 0.25 },
    { site: "B", dice: 1 },
  ]);
  assert.deepEqual(packed, {
    fields: ["site", "dice", "low"],
    words: { site: ["B", "A"] },
    rows: [
      [0, 0.81235, null],
      [1, 0.5, 0.25],
      [0, 1, null],
    ],
  });
});

test("every case has a point, which says its case, site and score", { skip }, () =>
  look(address, { width: 1280 }, async (page) => {
    const { drawing, said } = await explored(page, "Every case");
    const points = drawing.locator('[aria-roledescription="point"]');
    assert.equal(await points.count(), methods.length * 6 * 2);
    await points.first().hover({ force: true });
    assert.match((await said.textContent()) ?? "", /method one, site BIDMC, case Case00, dice 0\.500/);
  }),
);

test("a name picked in the legend leaves the others faint; the still is put back, and printed", { skip }, () =>
  look(address, { width: 1280 }, async (page) => {
    const { figure, drawing } = await explored(page, "Validation Dice");
    const faint = () => drawing.locator('path[opacity="0.05"], path[stroke-opacity="0.05"]').count();
    assert.equal(await faint(), 0);
    const lines = await drawing.locator('[aria-roledescription="line mark"]').count();
    assert.ok(lines > methods.length);
    await drawing.getByText("two", { exact: true }).click();
    await until(page, "document.querySelectorAll('.drawing path[opacity=\"0.05\"]').length > 0");
    assert.equal(await faint(), (lines / methods.length) * (methods.length - 1));
    await figure.getByRole("button", { name: "Explore" }).click();
    assert.ok(!(await drawing.isVisible()) && (await figure.locator("svg").first().isVisible()));
    await figure.getByRole("button", { name: "Explore" }).click();
    await page.evaluate("dispatchEvent(new Event('beforeprint'))");
    assert.ok(!(await drawing.isVisible()) && (await figure.locator("svg").first().isVisible()));
  }),
);

test("on a phone a drawing scrolls within itself", { skip }, () =>
  look(address, { width: 390 }, async (page) => {
    await explored(page, "Every case");
    assert.ok(((await page.evaluate("document.documentElement.scrollWidth")) as number) <= 390);
  }),
);
