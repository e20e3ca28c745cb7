/** The page as a reader sees it, in a real browser: on a desk, on a phone, on paper. */
import { onlyExperiment, removeRecords, writeRecord } from "./own-report";
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { chromium, type Page } from "playwright-core";
import { readTask } from "../../lib/records/config";
import { buildReport } from "../../lib/report/build-report";
import { executablePath } from "../notebook/lab-browser";
import { federation } from "./records";

const skip = executablePath === undefined && "no Chromium: apt-get install chromium, or name it in CHROMIUM";
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

async function look(width: number, check: (page: Page) => Promise<void>): Promise<void> {
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
  try {
    const page = await browser.newPage({ viewport: { width, height: 900 } });
    const said: string[] = [];
    page.on("console", (message) => said.push(message.text()));
    page.on("request", (request) => {
      if (!/^(file|data):/.test(request.url())) said.push(`asked for ${request.url()}`);
    });
    await page.goto(address);
    await check(page);
    assert.deepEqual(said, []);
  } finally {
    await browser.close();
  }
}

for (const width of [1280, 390]) {
  test(`at ${width} pixels nothing sticks out, and what scrolls does so by keys`, { skip }, () =>
    look(width, async (page) => {
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
      await page.waitForFunction("document.activeElement.scrollLeft > 0");
      await regions[0].evaluate((element) => void (element.scrollLeft = 1e4));
      const name = await page.locator("tbody th").first().boundingBox();
      const region = await regions[0].boundingBox();
      assert.ok(name && region && Math.abs(name.x - region.x) < 2);
    }),
  );
}

test("on A4 every column is on the paper", { skip }, () =>
  // The width of A4 without its margins, in CSS pixels.
  look(Math.floor(((210 - 24) / 25.4) * 96), async (page) => {
    await page.emulateMedia({ media: "print" });
    assert.ok(((await page.evaluate("document.documentElement.scrollWidth")) as number) <= 703);
    const wide = await page.evaluate(
      "[...document.querySelectorAll('.scroll')].filter((each) => each.scrollWidth > each.clientWidth).length",
    );
    assert.equal(wide, 0);
  }),
);
