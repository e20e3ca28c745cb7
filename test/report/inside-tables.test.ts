import assert from "node:assert/strict";
import { test } from "node:test";
import type { Experiment, Task } from "../../lib/records/config";
import type { FoundRecord } from "../../lib/records/found";
import type { FederationRecord, Provenance } from "../../lib/records/schema";
import { ablationAxes } from "../../lib/report/ablation";
import { ablationTable } from "../../lib/report/ablation-table";
import { alongAxis } from "../../lib/report/figures/along-axis";
import { convergenceTable } from "../../lib/report/convergence-table";
import { costTable } from "../../lib/report/cost-table";
import { summaryTable } from "../../lib/report/summary-table";
import type { ResultTable } from "../../lib/report/table";
import { tablesOf } from "../../lib/report/tables-of";
import { federation } from "./records";

const cell = ({ rows, columns }: ResultTable, label: string, column: string) =>
  rows.find((row) => row.label === label)?.cells[columns.indexOf(column)];
const value = (table: ResultTable, label: string, column: string) =>
  Number(cell(table, label, column)?.value?.toFixed(6));
const work = (steps: number) => ({ steps, forwards: 2 * steps, backwards: steps });

test("ranks are of races that every method ran, ties shared; the worst client is named; work stands beside the score", () => {
  const runs = [
    federation("a", 0, { X: [0.9, 0.5], Y: [0.7, 0.7] }, { work: work(6) }),
    federation("b", 0, { X: [0.8, 0.5], Y: [0.2, 0.8] }, { work: work(12) }),
    federation("c", 0, {}, { diverged: { method: "c", problem: "the loss is NaN" }, scores: [], work: work(0) }),
  ];
  const table = summaryTable("inside", runs, "a");
  // X: 1 and 1.5, Y: 1 and 2; so the other's are 2, 1.5, 2, 1.
  assert.equal(value(table, "a", "rank [95 %]"), (1.25 + 1.5) / 2);
  assert.equal(value(table, "b", "rank [95 %]"), (1.75 + 1.5) / 2);
  assert.deepEqual([cell(table, "b", "worst client")?.value, cell(table, "b", "worst client")?.notes], [0.5, ["Y"]]);
  assert.deepEqual(
    ["steps", "forwards", "backwards"].map((each) => value(table, "b", each)),
    [6, 12, 6],
  );
  assert.equal(value(table, "a", "MB up"), 20 / 1e6);
  assert.equal(cell(table, "c", "Dice [95 %]")?.value, undefined);
  assert.match(table.remarks?.join() ?? "", /c, seed 0: diverged/);
  assert.equal(cell(table, "a", "seeds")?.value, undefined, "one seed does not tell");
  // Of two cases the middle half is their mean; b is never above a, and by mean below it.
  assert.equal(value(table, "b", "middle half"), 0.575);
  assert.deepEqual(
    ["a", "b", "c"].map((label) => cell(table, label, "place [95 %]")?.value),
    [1, 2, undefined],
  );
  assert.match(table.remarks?.[0] ?? "", /^how sure the order is: .*Kendall's tau with it would be (1\.00|0\.\d\d) \[/);
});

/** A run whose clients' curves are given. */
const curves = (method: string, seed: number, clients: Readonly<Record<string, (round: number) => number>>) =>
  federation(method, seed, Object.fromEntries(Object.keys(clients).map((site) => [site, [0.5, 0.5]])), {
    rounds: Array.from({ length: 50 }, (_, index) => ({
      round: index + 1,
      loss: [0.1, 0.1],
      personalDice: Object.values(clients).map((of) => of(index + 1)),
      globalDice: [0, 0],
      bytesUp: [10, 10],
      bytesDown: [10, 10],
    })),
  });

test("convergence: the end, the rise to it, where it was near, the worst client, and what clients and seeds vary", () => {
  const stair = (level: number) => (round: number) => (round < 20 ? 0.1 : level);
  const runs = [curves("a", 0, { X: stair(0.8), Y: stair(0.6) }), curves("a", 1, { X: stair(0.9), Y: stair(0.7) })];
  const table = convergenceTable([...runs, curves("b", 0, { X: (round) => round / 100, Y: (round) => round / 100 })]);
  const row = ["end", "rise", "there from", "worst client"].map((column) => value(table, "a", column));
  assert.deepEqual(row, [0.75, 0, 20, 0.65]);
  assert.ok(Math.abs(value(table, "a", "clients") - Math.SQRT2 * 0.1) < 1e-6);
  assert.ok(Math.abs(value(table, "a", "seeds") - Math.SQRT2 * 0.05) < 1e-6);
  assert.ok(Math.abs(value(table, "b ↑", "rise") - 0.1) < 1e-9, "ten rounds of 0.01 each");
});

test("costs are over the reference's of the same run, and runs of two machines are said not to compare", () => {
  const found = (record: FederationRecord, seconds: number, processor = "P") => ({
    name: record.method,
    record,
    provenance: {
      cpuSeconds: seconds,
      wallSeconds: 2 * seconds,
      peakMemoryMegabytes: 100 * seconds,
      processor,
      cores: 2,
      commit: "c",
    } as Provenance,
  });
  const pair = [
    found(federation("fedavg", 0, { X: [0.5] }, { work: work(4) }), 2),
    found(federation("ditto", 0, { X: [0.5] }, { work: work(8) }), 3),
  ];
  const table = costTable(pair, "fedavg");
  assert.deepEqual(
    ["bytes up", "steps", "CPU seconds", "seconds", "memory"].map((column) => value(table, "ditto", column)),
    [1, 2, 1.5, 1.5, 1.5],
  );
  assert.equal(table.remarks?.length, 1);
  const mixed = costTable([pair[0], found(federation("ditto", 0, { X: [0.5] }), 3, "Q")], "fedavg");
  assert.match(mixed.remarks?.join() ?? "", /not of one run/);
  assert.match(costTable([pair[1]], "fedavg").remarks?.[0] ?? "", /fedavg has not been run/);
});

test("along an axis a mean is over the sites that all places have, and the entry as it is stands at its own place", () => {
  const task = { id: "t", sites: ["X", "Y", "Z"] } as unknown as Task;
  const experiment = {
    kind: "inside",
    vary: [
      { setting: "clients", values: [2] },
      { of: ["iop-fl"], param: "alpha", values: [0] },
    ],
  } as unknown as Extract<Experiment, { kind: "inside" }>;
  const of = (
    method: string,
    dice: Readonly<Record<string, readonly number[]>>,
    more: Partial<FederationRecord> = {},
  ) =>
    federation(method, 0, dice, {
      config: { training: { rounds: 2, localEpochs: 1 } },
      params: { alpha: 0.1 },
      ...more,
    });
  const runs = [
    of("iop-fl", { X: [0.5, 0.7], Y: [0.6, 0.6], Z: [0, 0] }),
    of("iop-fl", { X: [0.4, 0.4], Y: [0.4, 0.4] }, { variant: "clients=2" }),
    of("iop-fl", { X: [0.9, 0.9], Y: [0.9, 0.9], Z: [0.6, 0.6] }, { variant: "alpha=0", params: { alpha: 0 } }),
  ];
  const [clients, alpha] = ablationAxes(experiment, task, runs);
  const seen = ({ points }: typeof clients) => points.map(({ value: at, dice }) => [at, Number(dice.toFixed(6))]);
  assert.deepEqual(
    [clients.sites, seen(clients)],
    [
      ["X", "Y"],
      [
        [2, 0.4],
        [3, 0.6],
      ],
    ],
  );
  assert.deepEqual(
    [alpha.sites, seen(alpha)],
    [
      ["X", "Y", "Z"],
      [
        [0, 0.8],
        [0.1, 0.4],
      ],
    ],
  );
  assert.deepEqual(
    ablationTable(clients).rows.map(({ label }) => label),
    ["iop-fl, clients 2", "iop-fl, clients 3"],
  );
  const { encoding, layer } = alongAxis(clients) as unknown as {
    readonly encoding: { readonly x: { readonly axis: { readonly values: readonly number[] } } };
    readonly layer: readonly unknown[];
  };
  assert.deepEqual(encoding.x.axis.values, [2, 3], "no tick at half a client");
  assert.equal(layer.length, 2, "a line, and intervals of the one method");
  // Each axis by its means, and every run beside the reference at the sites that both have.
  const shown = { ...experiment, methods: [{ id: "iop-fl" }], reference: { method: "iop-fl" }, shows: "ablation" };
  const found = runs.map((record) => ({ record })) as unknown as FoundRecord[];
  const tables = tablesOf(shown as unknown as Experiment, task, found);
  assert.equal(tables.length, 3);
  assert.deepEqual(
    tables[2].rows.map(({ label, cells }) => [label, cells[0].value, Number(cells[2].value?.toFixed(6))]),
    [
      ["iop-fl minus iop-fl (clients=2)", 4, 0.2],
      ["iop-fl minus iop-fl (alpha=0)", 6, -0.4],
    ],
  );
});
