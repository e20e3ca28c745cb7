/** The page as a reader sees it, in a real browser: on a desk, on a phone, on paper. */
import { onlyExperiment, removeRecords, writeRecord } from "./own-report";
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { chromium, type Page } from "playwright-core";
import { readTask } from "../../lib/records/config";
import { buildReport } from "../../lib/report/build-report";
import { executablePath } from "../notebook/lab-browser";
import { look, until, withoutBrowser as skip } from "./look";
import { federation } from "./records";

const methods = Array.from({ length: 18 }, (_, index) => `method-${index}-of-many`);
let address = "";

before(async () => {
  removeRecords();
  const listed = methods.map((id) => `  - { id: ${id} }\n`).join("");
  onlyExperiment("many", `id: many\nquestion: Which of many?\nkind: inside\ntask: prostate\nmethods:\n${listed}`);
  const { sites } = readTask("prostate");
  const diverged = { method: methods[3], problem: "the loss is NaN" };
  for (const [index, method] of methods.entries()) {
    const dice = Object.fromEntries(sites.map((site) => [site, [0.5 + index / 50, 0.6 + index / 60]]));
    writeRecord("many", method, federation(method, 0, dice));
    writeRecord("many", `${method}.1`, federation(method, 1, {}, index === 3 ? { sites, diverged } : { sites }));
  }
  address = pathToFileURL((await buildReport("quick")).page).href;
});

/** Looks at the page of many methods. */
const lookAt = (width: number, check: (page: Page) => Promise<void>) => look(address, { width }, check);

for (const width of [1280, 390]) {
  test(`at ${width} pixels nothing sticks out, and what scrolls does so by keys`, { skip }, () =>
    lookAt(width, async (page) => {
      assert.ok(((await page.evaluate("document.documentElement.scrollWidth")) as number) <= width);
      const regions = await page.locator(".scroll").all();
      assert.ok(regions.length >= 4);
      for (const region of regions) {
        assert.equal(await region.getAttribute("tabindex"), "0");
        assert.notEqual((await region.getAttribute("aria-label")) ?? "", "");
      }
      const pictures = await page.locator("svg").all();
      for (const picture of pictures) assert.match((await picture.getAttribute("aria-label")) ?? "", /^\S.{20,}/);
      if (width > 400) return;
      // Scrolled to the end, the name of the row is still at the left.
      await regions[0].focus();
      await page.keyboard.press("End");
      await page.keyboard.press("ArrowRight");
      await until(page, "document.activeElement.scrollLeft > 0");
      await regions[0].evaluate((element) => void (element.scrollLeft = 1e4));
      const name = await page.locator("tbody th").first().boundingBox();
      const region = await regions[0].boundingBox();
      assert.ok(name && region && Math.abs(name.x - region.x) < 2);
    }),
  );
}

test("on A4 every column is on the paper", { skip }, () =>
  // The width of A4 without its margins, in CSS pixels.
  lookAt(Math.floor(((210 - 24) / 25.4) * 96), async (page) => {
    await page.emulateMedia({ media: "print" });
    assert.ok(((await page.evaluate("document.documentElement.scrollWidth")) as number) <= 703);
    const wide = await page.evaluate(
      "[...document.querySelectorAll('.scroll')].filter((each) => each.scrollWidth > each.clientWidth).length",
    );
    assert.equal(wide, 0);
  }),
);

/** Texts of a column of the main table, of the rows that are shown. */
const column = (page: Page, at: number) =>
  page.evaluate(
    `[...document.querySelectorAll("figure table")[0].tBodies[0].rows].filter((row) => !row.hidden).map((row) => row.cells[${at}].textContent)`,
  ) as Promise<string[]>;

test("a table is sorted by a head, filtered by a word, and columns are left out, by keys alone", { skip }, () =>
  lookAt(1280, async (page) => {
    const table = page.locator("figure table").first();
    const head = table.locator("thead th").nth(1).locator("button");
    const written = await column(page, 1);
    const sorted = [...written].sort((a, b) => (parseFloat(b) || 0) - (parseFloat(a) || 0));
    assert.notDeepEqual(written, sorted);
    await head.focus();
    await page.keyboard.press("Enter");
    assert.deepEqual(await column(page, 1), sorted);
    assert.equal(await table.locator("thead th").nth(1).getAttribute("aria-sort"), "descending");
    await page.keyboard.press("Enter");
    assert.deepEqual(await column(page, 1), [...sorted].reverse());
    await page.keyboard.press("Enter");
    assert.deepEqual(await column(page, 1), written);
    const tools = page.locator("figure .tools").first();
    await tools.locator("input[type=search]").fill("METHOD-17-");
    assert.deepEqual(await column(page, 0), ["method-17-of-many"]);
    await tools.locator("input[type=search]").fill("");
    assert.equal((await column(page, 0)).length, methods.length);
    await tools.locator("summary").focus();
    await page.keyboard.press("Enter");
    await tools.locator("input[type=checkbox]").first().focus();
    await page.keyboard.press("Space");
    assert.ok(!(await table.locator("thead th").nth(1).isVisible()));
    assert.ok(await table.locator("thead th").nth(2).isVisible());
  }),
);

test("a row leads to where it comes from, with its command", { skip }, () =>
  lookAt(1280, async (page) => {
    const sources = page.locator("details.sources").first();
    assert.equal(await sources.getAttribute("open"), null);
    await page.locator("figure tbody th a", { hasText: "method-4-of-many" }).first().click();
    await until(page, "document.querySelector('details.sources').open");
    const place = page.locator(":target");
    assert.match((await place.textContent()) ?? "", /commit.*abc/);
    assert.equal(
      await place.locator("pre").textContent(),
      "npx iopfl run many --profile quick --only method=method-4-of-many",
    );
  }),
);

test("without its script the page says the same", { skip }, async () => {
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
  try {
    const page = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
    await page.goto(address);
    assert.equal(await page.locator("figure table").first().locator("tbody tr").count(), methods.length);
    assert.equal(await page.locator(".tools").count(), 0);
  } finally {
    await browser.close();
  }
});

/** The ratio of contrast of two colours (WCAG 2.2). @param colour `rgb(1, 2, 3)` */
function contrast(one: string, other: string): number {
  const [light, dark] = [one, other]
    .map((colour) => {
      const parts = (colour.match(/[\d.]+/g) ?? []).slice(0, 3).map((part) => Number(part) / 255);
      const [r, g, b] = parts.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    })
    .sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

for (const colorScheme of ["light", "dark"] as const)
  test(`text can be read on a ${colorScheme} page`, { skip }, () =>
    lookAt(1280, async (page) => {
      await page.emulateMedia({ colorScheme });
      const colours = (selector: string, property: string) =>
        page.evaluate(`getComputedStyle(document.querySelector("${selector}")).${property}`) as Promise<string>;
      const paper = await colours("main", "backgroundColor");
      assert.equal(contrast("rgb(0, 0, 0)", paper) > 10, colorScheme === "light");
      for (const selector of ["main", ".verdict", "figcaption", "td b", "a[href]", "summary"]) {
        const ratio = contrast(await colours(selector, "color"), paper);
        assert.ok(ratio >= 4.5, `${selector}: ${ratio}`);
      }
    }),
  );
