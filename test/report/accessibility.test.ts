/**
 * The page by axe-core, in a real browser: everything that it checks of WCAG 2.2 A and AA and its best practices, and exactly what Lighthouse asks
 * of it. Lighthouse itself is not installed for this: version 13 needs Node.js 22.19, and version 12 with what it brings is 186 MB. By hand, 12.8.2 gave the
 * page of all of phantom 100 on phone and desk.
 */
import "./own-report";
import axe, { type AxeResults, type RunOptions } from "axe-core";
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { Page } from "playwright-core";
import { knownToPage } from "../../lib/cli/known-to-page";
import { buildReport } from "../../lib/report/build-report";
import { lighthouseRules } from "./lighthouse-rules";
import { look, withoutBrowser as skip } from "./look";
import { writeQuickRecords } from "./quick-records";

const levels = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const options: RunOptions = {
  runOnly: { type: "tag", values: levels },
  rules: Object.fromEntries(lighthouseRules.map((id) => [id, { enabled: true }])),
};
let address = "";

before(async () => {
  assert.ok(writeQuickRecords() > 20);
  address = pathToFileURL((await buildReport("quick", knownToPage("quick"))).page).href;
});

/** What axe-core finds. It is put in by the browser's own door: the page's policy lets no script in. */
async function found(page: Page): Promise<AxeResults> {
  await page.evaluate(axe.source);
  return (await page.evaluate(`axe.run(document, ${JSON.stringify(options)})`)) as AxeResults;
}

const violationsOf = ({ violations }: AxeResults): string[] =>
  violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join("\n")}`);

for (const width of [1280, 390])
  for (const colorScheme of ["light", "dark"] as const)
    test(`axe-core finds no violation at ${width} pixels on a ${colorScheme} page`, { skip }, () =>
      look(address, { width, colorScheme }, async (page) => {
        // All that can be opened is open, so that it is looked at as well.
        await page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true");
        const results = await found(page);
        assert.deepEqual(violationsOf(results), []);
        const { passes, inapplicable, incomplete } = results;
        const checked = [...passes, ...inapplicable, ...incomplete].map(({ id }) => id);
        assert.deepEqual(
          lighthouseRules.filter((id) => !checked.includes(id)),
          [],
        );
      }),
    );

test("axe-core sees what is wrong with a page that is", { skip }, () =>
  look(address, { width: 1280 }, async (page) => {
    await page.evaluate(`document.documentElement.lang = "";
      document.querySelector("svg").removeAttribute("aria-label");
      document.querySelector("figcaption").style.color = "#bbb";`);
    const { violations } = await found(page);
    assert.deepEqual(violations.map(({ id }) => id).sort(), ["color-contrast", "html-has-lang", "svg-img-alt"]);
  }),
);
