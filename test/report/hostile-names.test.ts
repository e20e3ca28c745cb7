/** Names come from files of others: everywhere in the page they are text, and characters that hide or command are written out. */
import { onlyExperiment, place, writeConfig, writeRecord } from "./own-report";
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { isDeepStrictEqual } from "node:util";
import { buildReport } from "../../lib/report/build-report";
import { renderVegaLite, styled } from "../../lib/report/figure";
import { drawingScripts, liveScript } from "../../lib/report/live-script";
import { pageScript } from "../../lib/report/page-script";
import { textTable } from "../../lib/report/text-table";
import { look, until, withoutBrowser } from "./look";
import { adaptation, federation, score } from "./records";

const script = `"><script>alert(1)</script>`;
const link = `<a href="https://evil.example" onclick='x()'>click</a>`;
const odd = `\x1b[2J\u202e${link}\n\u0000\ud800`;
const hostile = [script, link, odd];

const allowed = new Set(
  "section details summary u html head meta title style body main h1 h2 h3 p a br small cite code dl dt dd nav ol ul li span figure div table caption thead tbody tr th td b figcaption pre svg g path rect line text tspan defs clipPath linearGradient stop image".split(
    " ",
  ),
);
const addresses = /^(#|https:\/\/(doi\.org|arxiv\.org|github\.com|liuquande\.github\.io)\/)/;

/** Every tag of a page is one of ours, with attributes of ours: text is escaped, so that each `<` begins a tag. */
function assertOnlyOurs(page: string): void {
  for (const [, name, attributes] of page.matchAll(/<(?![/!])([^\s>/]*)([^>]*)>/g)) {
    assert.ok(allowed.has(name), `<${name}>`);
    for (const [, attribute, value] of attributes.matchAll(/([^\s=]+)="([^"]*)"/g)) {
      assert.ok(!/^on|^src$/.test(attribute), attribute);
      if (/href$/.test(attribute)) assert.match(value, addresses);
    }
  }
  assert.ok(!/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e\ud800-\udfff]/.test(page), "a character that is not seen");
}

const yaml = (value: unknown) => JSON.stringify(value);

function writeHostileRun(): void {
  writeConfig(
    "tasks",
    "wicked",
    `id: wicked\ntitle: ${yaml(script)}\nsites: ${yaml(hostile.map((_, index) => `S${index}`))}\nclasses: 2\ninChannels: 3\n`,
  );
  // Configurations take plain names alone; records may come from anywhere.
  const methods = hostile.map((_, index) => ({ id: `m${index}` }));
  onlyExperiment(
    "wicked",
    `id: wicked\nquestion: ${yaml(odd)}\nkind: outside\ntask: wicked\nfederation: { id: f }\nmethods: ${yaml(methods)}\n`,
  );
  for (const m of hostile.keys()) {
    for (const [s, site] of hostile.entries()) {
      const cases = hostile.map((id, index) => score(id, 0.5 + index / 10));
      const epochs = [{ epoch: 1, cases, telemetry: { [`gate/${odd}`]: [0.2, 0.3, 0.5] } }];
      const more = {
        epochs,
        task: script,
        params: { [link]: odd },
        numerics: { engine: odd, arithmetic: link, code: odd, data: link },
      };
      writeRecord("wicked", `${m}.${s}`, adaptation(`m${m}`, 0, site, cases, more), { commit: script, processor: odd });
    }
  }
  const sites = hostile.slice(1);
  writeRecord("wicked", "federation", federation("f", 0, {}, { sites, id: "x" }));
  const diverged = { method: script, client: link, problem: odd };
  writeRecord("wicked", "diverged", adaptation("m0", 1, link, [], { diverged }));
  writeFileSync(place("wicked", "damaged <img src=x>.json"), JSON.stringify({ kind: "federation", [link]: odd }));
}

test("hostile names of sites, cases, methods, parameters, machines and files are text and nothing else", async () => {
  writeHostileRun();
  const { page, tables, damaged } = await buildReport("quick");
  const html = readFileSync(page, "utf8");
  // Scripts are ours to the letter and allowed by their hashes alone; what figures are drawn from is data in which no tag can end.
  const running = [...html.matchAll(/<script>([^]*?)<\/script>/g)].map(([, text]) => text);
  assert.ok(
    isDeepStrictEqual(running, [pageScript, ...drawingScripts(), liveScript]),
    "another script than ours is in the page",
  );
  const hashes = running.map((text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`).join(" ");
  assert.ok(html.includes(`default-src 'none'; script-src ${hashes}; style-src`));
  const inert = /<script type="text\/plain" class="live" [\w="-]+>[\w+/=]*<\/script>/g;
  assert.ok((html.match(inert) ?? []).length > 0);
  assertOnlyOurs(
    running.reduce((rest, text) => rest.replace(`<script>${text}</script>`, () => ""), html).replace(inert, ""),
  );
  assert.ok(html.includes("&#60;a href=&#34;https://evil.example&#34;"));
  assert.ok(html.includes("\\x1b[2J\\u202e"));
  assert.equal(damaged.length, 1);
  for (const text of [...tables.map(textTable), ...damaged])
    assert.ok(!/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/.test(text));
});

test("in a browser they stay text when a figure is drawn from them", { skip: withoutBrowser }, async () => {
  writeHostileRun();
  const { page } = await buildReport("quick");
  await look(pathToFileURL(page).href, { width: 1280 }, async (tab) => {
    for (const button of await tab.locator(".explore").all()) await button.click();
    await until(tab, "[...document.querySelectorAll('.drawing')].every((each) => each.querySelector('svg'))");
    assert.equal(await tab.locator(".drawing script, .drawing [href], .drawing [onclick], .drawing image").count(), 0);
    assert.ok((await tab.locator(".drawing").allTextContents()).join("").includes("<script>alert(1)"));
  });
});

test("a figure of hostile names is drawn, and front ends get the same names", async () => {
  const values = hostile.map((name, index) => ({ name, index }));
  const encoding = {
    x: { field: "name", type: "nominal", sort: hostile },
    y: { field: "index", type: "quantitative" },
    color: { field: "name", type: "nominal" },
  };
  const spec = { title: odd, data: { values }, mark: "point", encoding };
  const { svg, png } = await renderVegaLite(spec);
  assertOnlyOurs(svg);
  assert.ok(png.length > 1000);
  const sent = JSON.stringify(styled(spec));
  assert.ok(!/\\u001b|\\u0000|\u202e/.test(sent));
  assert.ok(sent.includes("\\\\x1b"));
});
