import assert from "node:assert/strict";
import { test } from "node:test";
import type { Experiment } from "../../lib/records/config";
import { caseTable } from "../../lib/report/case-table";
import { federation } from "./records";

const experiment = (shows?: string) =>
  ({
    id: "e",
    kind: "inside",
    task: "t",
    methods: [{ id: "two" }, { id: "one" }],
    reference: { method: "one" },
    shows,
  }) as never as Experiment;

const records = [
  federation("one", 0, { A: [0.6, 0.9], B: [0.3] }),
  federation("one", 1, { A: [0.8, 0.9], B: [0.5] }),
  federation("two", 0, { A: [0.5, 0.95], B: [0.2] }),
  federation("two", 1, { A: [0.7, 0.95], B: [0.2] }),
];

const rowsOf = (html: string) =>
  [...html.matchAll(/<tr>(.*?)<\/tr>/g)].map(([, row]) =>
    [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/g)].map(([, cell]) => cell),
  );

test("cases stand with the hardest for the reference first, seeds averaged, with who did best and worst", () => {
  assert.deepEqual(rowsOf(caseTable(experiment(), records)), [
    ["case", "one", "mean of all", "best", "worst"],
    ["B Case00", "0.400", "0.300", "0.400 one", "0.200 two"],
    ["A Case00", "0.700", "0.650", "0.700 one", "0.600 two"],
    ["A Case01", "0.900", "0.925", "0.950 two", "0.900 one"],
  ]);
});

test("there is none where methods are not compared, of one method, and of runs without the reference", () => {
  assert.equal(caseTable(experiment("cost"), records), "");
  assert.equal(caseTable(experiment(), records.slice(0, 2)), "");
  assert.equal(caseTable(experiment(), records.slice(2)), "");
});

test("of more cases than a page can hold the hardest are shown, and it is said", () => {
  const many = Array.from({ length: 200 }, (_, index) => index / 200);
  const html = caseTable(experiment(), [federation("one", 0, { A: many }), federation("two", 0, { A: many })]);
  assert.equal(rowsOf(html).length, 151);
  assert.match(html, /Dice of 200 cases, seeds averaged; the 150 hardest of 200\./);
});
