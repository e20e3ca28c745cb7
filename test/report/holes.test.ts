/** What a mean is over: cases without a distance, runs that are missing or diverged. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { experimentTable } from "../../lib/report/experiment-table";
import { cellText, type ResultTable } from "../../lib/report/table";
import { textTable } from "../../lib/report/text-table";
import { adaptation, federation, score } from "./records";

const sites = ["HK", "UCL"];

/** The cells of a row as text, by column, the best with a star. */
function row({ columns, rows }: ResultTable, label: string): Readonly<Record<string, string>> {
  const cells = rows.find((each) => each.label === label)?.cells ?? [];
  return Object.fromEntries(cells.map((cell, index) => [columns[index], cellText(cell) + (cell.best ? "*" : "")]));
}

/** Four cases of a site; those beyond the fourth distance are missed. */
const scored = (method: string, site: string, distances: readonly (number | null)[]) =>
  adaptation(
    method,
    0,
    site,
    distances.map((hd95, index) => score(`Case${index}`, hd95 === null ? 0 : 0.8, hd95)),
  );

test("a method that misses its worst cases gets neither a star nor a silent mean", () => {
  const table = experimentTable("outside", sites, [
    ...sites.map((site) => scored("global", site, [8, 9, 12, 14])),
    ...sites.map((site) => scored("picky", site, [8, 9, null, null])),
  ]);
  assert.equal(row(table, "global")["HD95 mm"], "10.8");
  assert.equal(row(table, "picky")["HD95 mm"], "8.5 (n 4)");
  assert.deepEqual([row(table, "global").missed, row(table, "picky").missed], ["0 of 8", "4 of 8"]);
  assert.match(textTable(table), /picky .* 8\.5 \(n 4\) +4 of 8$/m);
});

test("the best distance is told among the methods with the most cases, over the cases that all of these have", () => {
  const table = experimentTable(
    "outside",
    ["HK"],
    [scored("a", "HK", [null, 5, 6, 7]), scored("b", "HK", [1, 6, 7, null]), scored("c", "HK", [1, null, null, null])],
  );
  // Both lack one case. Over all it has, b is better (4.7 against 6.0), but only by the first case, which a lacks.
  assert.equal(row(table, "a")["HD95 mm"], "6.0 (n 3)*");
  assert.equal(row(table, "b")["HD95 mm"], "4.7 (n 3)");
  assert.equal(row(table, "c")["HD95 mm"], "1.0 (n 1)");
});

test("two empty masks agree: that is no miss; an empty reference that something was found in is", () => {
  const both = { ...score("Case0", 1, null), undefinedBecause: "both empty" };
  const alarm = { ...score("Case1", 0, null), undefinedBecause: "empty reference" };
  const table = experimentTable("outside", ["HK"], [adaptation("m", 0, "HK", [both, alarm, score("Case2", 0.5)])]);
  assert.equal(row(table, "m").missed, "1 of 3");
});

test("every mean over fewer cases says so, and the best is not sought among them", () => {
  const table = experimentTable("inside", sites, [
    federation("a", 0, { HK: [0.5, 0.6], UCL: [0.5, 0.6] }),
    federation("a", 1, { HK: [0.5, 0.6], UCL: [0.5, 0.6] }),
    federation("b", 0, { HK: [0.4, 0.5], UCL: [0.4, 0.5] }),
    federation("b", 1, { HK: [0.4, 0.5], UCL: [0.4, 0.5] }),
    federation("lucky", 1, { HK: [0.9, 0.9], UCL: [0.9, 0.9] }),
  ]);
  assert.equal(row(table, "lucky").HK, "0.900 (n 2)");
  assert.match(row(table, "lucky")["all sites [95 %]"], /\(n 4\)$/);
  assert.equal(row(table, "a").HK, "0.550*");
});

const diverged = { method: "wild", client: "HK", round: 3, problem: "the loss is NaN" };

test("a run that diverged is never a score: it is named, and the rest of its row says what it lacks", () => {
  const records = [
    federation("calm", 0, { HK: [0.5, 0.6], UCL: [0.5, 0.6] }),
    federation("calm", 1, { HK: [0.5, 0.6], UCL: [0.5, 0.6] }),
    federation("wild", 0, { HK: [0.9, 0.9], UCL: [0.9, 0.9] }),
    federation("wild", 1, {}, { sites, diverged, scores: [] }),
  ];
  const half = experimentTable("inside", sites, records);
  assert.equal(row(half, "wild").HK, "0.900 (n 2, 1 run diverged)");
  assert.doesNotMatch(Object.values(row(half, "wild")).join(), /\*/);
  assert.deepEqual(half.remarks, ["wild, seed 1: diverged at HK in round 3: the loss is NaN"]);
  const whole = experimentTable("inside", sites, [records[0], records[3]]);
  assert.deepEqual(row(whole, "wild"), {
    HK: "diverged",
    UCL: "diverged",
    "all sites [95 %]": "diverged",
    "HD95 mm": "diverged",
    missed: "–",
  });
});

test("scores that a diverged record holds all the same are not counted; other sites of a held-out method stand", () => {
  const table = experimentTable("outside", sites, [
    adaptation("m", 0, "HK", [score("Case0", 0, null)], { diverged: { method: "m", problem: "logits are NaN" } }),
    adaptation("m", 0, "UCL", [score("Case0", 0.7)]),
  ]);
  assert.deepEqual([row(table, "m").HK, row(table, "m").UCL], ["diverged", "0.700"]);
  assert.equal(row(table, "m").missed, "0 of 1");
});

test("odd but valid records cost themselves and nothing else: no epoch, no case, no round, no score", () => {
  const table = experimentTable("outside", sites, [
    adaptation("m", 0, "HK", [], { epochs: [] }),
    adaptation("m", 0, "UCL", []),
    adaptation("n", 0, "UCL", [score("Case0", 0.5)]),
    federation("f", 0, {}, { rounds: [], scores: [] }),
  ]);
  assert.deepEqual([row(table, "m").HK, row(table, "m").UCL, row(table, "n").UCL], ["–", "–", "0.500"]);
  assert.ok(table.remarks?.includes("m, seed 0, HK held out: its record has no epoch, hence no score"));
  assert.equal(experimentTable("inside", sites, []).rows.length, 0);
});
