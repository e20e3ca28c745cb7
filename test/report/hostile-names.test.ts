/** Names come from files of others: everywhere in the page they are text, and characters that hide or command are written out. */
import { onlyExperiment, place, writeConfig, writeRecord } from "./own-report";
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { buildReport } from "../../lib/report/build-report";
import { renderVegaLite, styled } from "../../lib/report/figure";
import { pageScript } from "../../lib/report/page-script";
import { textTable } from "../../lib/report/text-table";
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
  // One script, ours to the letter; the policy lets no other run.
  const [, running, ...more] = html.split(/<script>([^]*?)<\/script>/);
  assert.equal(running, pageScript);
  assert.equal(more.length, 1);
  const hash = createHash("sha256").update(running).digest("base64");
  assert.ok(html.includes(`default-src 'none'; script-src 'sha256-${hash}'; style-src`));
  assertOnlyOurs(html.replace(`<script>${running}</script>`, ""));
  assert.ok(html.includes("&#60;a href=&#34;https://evil.example&#34;"));
  assert.ok(html.includes("\\x1b[2J\\u202e"));
  assert.equal(damaged.length, 1);
  for (const text of [...tables.map(textTable), ...damaged])
    assert.ok(!/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/.test(text));
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
