import assert from "node:assert/strict";
import { test } from "node:test";
import type { Task } from "../../lib/records/config";
import type { FederationRecord } from "../../lib/records/schema";
import { controlsTable } from "../../lib/report/controls-table";
import { federation, score } from "./records";

const task = { id: "prostate", title: "P", set: "prostate", sites: ["A", "B", "C"], classes: 2, inChannels: 3 } as Task;

type Scores = FederationRecord["scores"][number];
const at = (site: string, dice: number, more: Partial<Scores>): Scores => ({
  site,
  part: "test",
  model: "personal",
  cases: [score("Case00", dice), score("Case01", dice)],
  ...more,
});

/** Each source's model at each other site: the source's number in tenths. */
const elsewhere = task.sites.flatMap((of, index) =>
  task.sites.filter((site) => site !== of).map((site) => at(site, (index + 1) / 10, { of })),
);
const inside = { A: [0.9, 0.9], B: [0.8, 0.8], C: [0.7, 0.7] };
const local = federation("local-only", 0, inside);
const pooled = federation("centralised", 0, { A: [0.95, 0.95], B: [0.95, 0.95], C: [0.95, 0.95] });
const together = federation("fedavg", 0, { A: [0.85, 0.85], B: [0.85, 0.85], C: [0.85, 0.85] });
const leftOut = (site: string, dice: number) => {
  const others = Object.fromEntries(task.sites.filter((each) => each !== site).map((each) => [each, [0.1, 0.1]]));
  const run = federation("fedavg", 0, others, { variant: `without=${site}` });
  return { ...run, scores: [...run.scores, at(site, dice, { model: "global" })] };
};
const records = [
  { ...local, scores: [...local.scores, ...elsewhere] },
  pooled,
  together,
  ...task.sites.map((site, index) => leftOut(site, 0.5 + index / 10)),
];

test("each figure takes the scores that it is named after, and no other", () => {
  const { rows, columns } = controlsTable(task, records);
  assert.deepEqual(columns, ["A", "B", "C", "all sites [95 %]", "published"]);
  const values = Object.fromEntries(
    rows.map(({ label, cells }) => [label, cells.slice(0, 4).map(({ value }) => Number(value?.toFixed(6)))]),
  );
  assert.deepEqual(values, {
    "within a site, with all its data": [0.9, 0.8, 0.7, 0.8],
    "all data in one place": [0.95, 0.95, 0.95, 0.95],
    FedAvg: [0.85, 0.85, 0.85, 0.85],
    "leave one out: FedAvg of the others": [0.5, 0.6, 0.7, 0.6],
    // At A the models of B and C, and so on.
    "one site to another": [0.25, 0.2, 0.15, 0.2],
  });
});

test("others' figures stand beside them as data with their sources, and none where none was found", () => {
  const { rows, remarks = [] } = controlsTable(task, records);
  const published = rows.map(({ cells }) => cells[4].notes?.join() ?? "–");
  assert.deepEqual(published, [
    "0.905 to 0.954, mean 0.933",
    "–",
    "0.820 to 0.916, mean 0.871",
    "0.510 to 0.822, mean 0.718",
    "mean 0.395",
  ]);
  assert.equal(remarks.filter((line) => line.startsWith("published, ")).length, 4);
});

test("what has not been run is a gap, and a control whose curve still rises is marked", () => {
  const rising = federation("fedavg", 0, inside, {
    rounds: Array.from({ length: 20 }, (_, index) => ({
      ...local.rounds[0],
      round: index + 1,
      personalDice: [index, index, index].map((value) => value / 20),
    })),
  });
  const { rows, remarks = [] } = controlsTable(task, [rising]);
  assert.deepEqual(
    rows.map(({ label, cells }) => [label, cells[3].value === undefined]),
    [
      ["within a site, with all its data", true],
      ["all data in one place", true],
      ["FedAvg ↑", false],
      ["leave one out: FedAvg of the others", true],
      ["one site to another", true],
    ],
  );
  assert.match(remarks[0], /^↑: validation Dice still rises at the end, .*: fedavg 0\.200$/);
});
