import assert from "node:assert/strict";
import { test } from "node:test";
import { experimentTable } from "../../lib/report/experiment-table";
import { htmlTable } from "../../lib/report/html";
import { cellText } from "../../lib/report/table";
import { textTable } from "../../lib/report/text-table";
import { adaptation, federation, score } from "./records";

test("inside: means over test cases and seeds of the personal model, sites counting the same", () => {
  const records = [
    federation("a", 0, { HK: [0.5, 0.7], UCL: [0.9, 0.9] }),
    federation("a", 1, { HK: [0.7, 0.9], UCL: [0.7, 0.7] }),
    federation("b", 0, { HK: [0.75, 0.75], UCL: [0.1, 0.1] }),
    federation("b", 1, { HK: [0.75, 0.75], UCL: [0.1, 0.1] }),
  ];
  const table = experimentTable("inside", ["HK", "UCL"], records);
  const [a, b] = table.rows;
  assert.equal(a.cells[0].value?.toFixed(6), ((0.5 + 0.7 + 0.7 + 0.9) / 4).toFixed(6));
  assert.equal(a.cells[1].value?.toFixed(6), ((0.9 + 0.7) / 2).toFixed(6));
  assert.equal(a.cells[2].value?.toFixed(6), ((0.7 + 0.8) / 2).toFixed(6));
  assert.ok(a.cells[2].interval && a.cells[2].interval[0] < 0.75 && a.cells[2].interval[1] > 0.75);
  assert.deepEqual([a.cells[0].best, b.cells[0].best, a.cells[1].best], [false, true, true]);
  assert.match(table.note, /^4 cases, 2 seeds/);
});

test("outside: the last epoch counts, whatever the others were; an empty prediction has no distance, a single case no interval", () => {
  const record = adaptation("m", 0, "HK", [score("Case01", 0.25, null)]);
  const table = experimentTable("outside", ["HK", "UCL"], [record]);
  assert.deepEqual(table.rows[0].cells.map(cellText), ["0.250", "–", "0.250", "–", "1 of 1"]);
  assert.match(table.remarks?.[0] ?? "", /^no interval where a site has a single case \(HK\)/);
});

test("structures have columns of their own, sites counting the same, before a distance in pixels", () => {
  // Released records have their keys sorted; columns stand in the order of the task.
  const parts = (disc: number, cup: number) => ({ cup: score("", cup), disc: score("", disc) });
  const eyes = [
    { ...score("V1", 0.7), structures: parts(0.9, 0.5) },
    { ...score("V2", 0.5), structures: parts(0.7, 0.3) },
  ];
  const scores = [
    { site: "Domain1", part: "test" as const, model: "personal" as const, cases: eyes },
    {
      site: "Domain2",
      part: "test" as const,
      model: "personal" as const,
      cases: [{ ...score("V3", 0.5), structures: parts(0.4, 0.6) }],
    },
  ];
  const table = experimentTable(
    "inside",
    ["Domain1", "Domain2"],
    [{ ...federation("a", 0, {}), task: "fundus", scores }],
  );
  assert.deepEqual(table.columns, ["Domain1", "Domain2", "all sites [95 %]", "disc", "cup", "HD95 px", "missed"]);
  assert.deepEqual(
    table.rows[0].cells.map(({ value }) => value?.toFixed(3)),
    ["0.600", "0.500", "0.550", "0.600", "0.500", "2.000", undefined],
  );
  assert.match(table.note, /Dice, mean of disc and cup/);
});

test("text and HTML show the same numbers; HTML is escaped", () => {
  const table = { ...experimentTable("inside", ["HK"], [federation("<b>", 0, { HK: [0.5] })]), note: "a & b" };
  assert.match(textTable(table), /<b> +0\.500/);
  const html = htmlTable(table);
  assert.match(html, /<th scope="row"[^>]*>&#60;b&#62;<\/th><td[^>]*>0\.500<\/td>/);
  assert.match(html, /a &#38; b/);
  assert.doesNotMatch(html, /<script/i);
});
