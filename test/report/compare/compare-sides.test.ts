import { place, removeRecords, writeRecord } from "../own-report";
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, beforeEach, test } from "node:test";
import type { FederationRecord } from "../../../lib/records/schema";
import { comparedTables, compareSides } from "../../../lib/report/compare/compare-sides";
import { findSide } from "../../../lib/report/compare/sides";
import { differenceOfMeans } from "../../../lib/stats/unpaired";
import { federation } from "../records";

const other = mkdtempSync(join(tmpdir(), "iopfl-compare-"));
after(() => rmSync(other, { recursive: true, force: true }));
beforeEach(removeRecords);

const five = (centre: number) => [-0.02, -0.01, 0, 0.01, 0.02].map((away) => centre + away);
const dice = (hk: number, ucl: number) => ({ HK: five(hk), UCL: five(ucl) });
const write = (
  name: string,
  scores: ReturnType<typeof dice>,
  more: Partial<FederationRecord> = {},
  commit = "1111111aaaa",
) =>
  writeRecord(
    "inside-prostate",
    name,
    federation("iop-fl", 0, scores, { experiment: "inside-prostate", profile: "quick", ...more }),
    { commit },
  );

/** Two folders of results: the second has another alpha, other code, and scores that are better by 0.1 at one of two sites. */
function twoFolders(data = "d"): void {
  write(
    "iop-fl",
    dice(0.6, 0.7),
    { params: { alpha: 0.5 }, numerics: { engine: "cpu", arithmetic: "a", code: "c2", data } },
    "2222222bbbb",
  );
  cpSync(place(""), join(other, "quick"), { recursive: true });
  removeRecords();
  write("iop-fl", dice(0.5, 0.7), { params: { alpha: 0.1 } });
  write("fedavg", dice(0.4, 0.4), { method: "fedavg" });
}

test("two folders: the difference with its interval, and everything that changed", () => {
  twoFolders();
  const compared = compareSides(findSide(dirname(place("")), "quick"), findSide(other, "quick"));
  const [row] = compared.differences;
  // Sites count the same: (0.1 + 0) / 2; within each site all cases differ by as much, so that nothing is uncertain.
  assert.deepEqual([row.method, row.cases, row.paired, row.equal, row.runs].map(String), [
    "iop-fl",
    "10",
    "true",
    "0",
    "1",
  ]);
  for (const [got, want] of [
    [row.a, 0.6],
    [row.b, 0.65],
    [row.difference, 0.05],
    [row.low, 0.05],
    [row.high, 0.05],
  ] as const)
    assert.ok(Math.abs((got ?? NaN) - want) < 1e-12, `${got}, want ${want}`);
  // Five pairs differ, all one way: 2 of the 32 patterns of signs are as far out.
  assert.ok(Math.abs((row.p ?? NaN) - 2 / 32) < 1e-12);
  assert.deepEqual(
    compared.changes.map(({ what, a, b }) => [what, a, b]),
    [
      ["params.alpha", "0.1", "0.5"],
      ["numerics.code", "c", "c2"],
      ["made.commit", "1111111aaaa", "2222222bbbb"],
    ],
  );
  assert.deepEqual(compared.onlyA, ["inside-prostate: federation of fedavg on HK, UCL, seed 0"]);
  assert.deepEqual(compared.onlyB, []);
  assert.equal(comparedTables(compared)[0].rows[0].cells[5].notes?.[0], "0 of 1");
});

test("other images are not paired: no test, and an interval of two means", () => {
  twoFolders("of another phantom");
  const [row] = compareSides(findSide(dirname(place("")), "quick"), findSide(other, "quick")).differences;
  assert.equal(row.paired, false);
  assert.equal(row.p, null);
  // Each site's mean has a standard error of 0.0158 / sqrt 5; both sides differ by less than their spread allows.
  assert.ok(row.low !== null && row.high !== null && row.low < 0.05 - 0.01 && row.high > 0.05 + 0.01);
});

test("seeds, commits and engines are sides, too", () => {
  write("seed0", dice(0.5, 0.5));
  write("seed1", dice(0.5, 0.6), { seed: 1 }, "3333333cccc");
  for (const [a, b] of [
    ["seed=0", "seed=1"],
    ["seed0", "seed1"],
  ]) {
    const { differences, changes } = compareSides(findSide(a, "quick"), findSide(b, "quick"));
    assert.ok(Math.abs(differences[0].difference - 0.05) < 1e-12);
    assert.ok(changes.some(({ what }) => what === "seed"));
  }
  assert.equal(findSide("3333333", "quick").records.length, 1);
  assert.equal(findSide("cpu", "quick").records.length, 2);
  assert.equal(findSide("mine", "quick").records.length, 2);
  assert.throws(
    () => findSide("4444444", "quick"),
    /no record of commit "4444444"; there are 1111111aaaa, 3333333cccc/,
  );
  assert.throws(() => findSide("wasm", "quick"), /no record of engine "wasm"; there are cpu/);
  assert.throws(() => findSide("fantasy", "quick"), /"fantasy" is no side of a comparison; name a folder/);
  assert.throws(
    () => compareSides(findSide("1111111", "quick"), findSide("3333333", "quick")),
    /have no run in common/,
  );
});

test("results that were measured with changes are of no commit", () => {
  write("iop-fl", dice(0.5, 0.5), {}, "1111111aaaa+changes");
  assert.throws(() => findSide("1111111", "quick"), /there are 1111111aaaa\+changes/);
});

test("intervals of independent means add in squares", () => {
  const { mean, low, high } = differenceOfMeans({ mean: 5, low: 2, high: 8 }, { mean: 1, low: -3, high: 5 });
  assert.deepEqual([mean, low, high], [4, 4 - 5, 4 + 5]); // 3, 4, 5
  assert.ok(Number.isNaN(differenceOfMeans({ mean: 1, low: NaN, high: NaN }, { mean: 1, low: 0, high: 2 }).low));
});
