import assert from "node:assert/strict";
import { test } from "node:test";
import type { MethodCase } from "../../lib/report/cases";
import { compareMethods } from "../../lib/report/compare-methods";
import { comparisonTable } from "../../lib/report/comparison-table";
import { cellText } from "../../lib/report/table";
import { caseOf } from "./records";

/** Pairs of one site: ours is better by each difference. */
const pairs = (site: string, differences: readonly number[]): MethodCase[] =>
  differences.flatMap((difference, index) => [
    caseOf("ours", site, `${index}`, 0.5 + difference),
    caseOf("theirs", site, `${index}`, 0.5),
  ]);

test("an interval needs two cases in every site", () => {
  const table = comparisonTable([...pairs("HK", [0.1, 0.2]), ...pairs("UCL", [0.3])], "ours");
  assert.equal(cellText(table?.rows[0].cells[2] ?? { value: NaN, digits: 0 }), "0.225");
  assert.deepEqual(table?.remarks, ["ours minus theirs: no interval, since a site has a single case in common"]);
});

test("an interval that leaves out 0 beside a large p is explained: too few cases for any smaller p", () => {
  const table = comparisonTable(pairs("HK", [0.1, 0.11, 0.1, 0.11, 0.1]), "ours");
  const [remark, why, ...more] = table?.remarks ?? [];
  assert.match(remark, /^ours minus theirs: the interval leaves out 0 while p is 0\.0625; /);
  assert.match(remark, /of 5 cases 5 are better and 0 worse with ours; with 5 cases p cannot be below 0\.0625$/);
  assert.match(
    why,
    /^Where interval and p disagree, they ask different .* each of 1 site counts .* counting the same\.$/,
  );
  assert.deepEqual(more, []);
});

test("an interval around 0 beside a small p is explained: one large difference outweighs many small ones", () => {
  const small = Array.from({ length: 12 }, (_, index) => 0.01 + index / 1000);
  const table = comparisonTable(pairs("HK", [...small, -0.4]), "ours");
  assert.match(
    table?.remarks?.[0] ?? "",
    /the interval holds 0 while p is 0\.0\d+; of 13 cases 12 are better and 1 worse/,
  );
});

test("a p that would be printed as 0 is said to be below what is printed", () => {
  const small = Array.from({ length: 40 }, (_, index) => 0.001 + index / 100_000);
  const table = comparisonTable(pairs("HK", [...small, -0.4]), "ours");
  assert.match(table?.remarks?.[0] ?? "", /the interval holds 0 while p is below 0\.0001; /);
});

test("why interval and p can disagree is said once for all pairs, and names the seeds where there are several", () => {
  const small = Array.from({ length: 12 }, (_, index) => 0.01 + index / 1000);
  const two = pairs("HK", [...small, -0.4]).flatMap((each) => [each, { ...each, seed: 1 }]);
  const three = [...two, ...two.map((each) => (each.method === "ours" ? each : { ...each, method: "others" }))];
  const remarks = comparisonTable(three, "ours")?.remarks ?? [];
  assert.equal(remarks.length, 3);
  assert.match(remarks[2], /^Where .* other seeds are asked about as well as other cases; .* its seeds averaged\.$/);
});

test("interval and p that agree need no word", () => {
  assert.deepEqual(comparisonTable(pairs("HK", [0.1, 0.12, 0.11, 0.1, 0.13, 0.12, 0.11, 0.1]), "ours")?.remarks, []);
  assert.deepEqual(comparisonTable(pairs("HK", [0.1, -0.12, 0.11, -0.1, 0.13, -0.12, 0.11]), "ours")?.remarks, []);
});

test("pairs are of the same case and seed; a method without one in common is left out", () => {
  const cases = [
    caseOf("ours", "HK", "1", 0.9, 0),
    caseOf("ours", "HK", "1", 0.1, 1),
    caseOf("theirs", "HK", "1", 0.5, 0),
    caseOf("elsewhere", "UCL", "1", 0.5, 0),
    caseOf("later", "HK", "1", 0.5, 2),
  ];
  const [only, ...rest] = compareMethods(cases, "ours");
  assert.deepEqual([only.method, only.n, rest.length], ["theirs", 1, 0]);
  assert.ok(Math.abs(only.difference - 0.4) < 1e-12);
  assert.equal(comparisonTable(cases, "not there"), undefined);
});

test("Student's cell tells its p, and says so where all cases differ alike", () => {
  const cellOf = (differences: readonly number[]) =>
    cellText(comparisonTable(pairs("HK", differences), "ours")?.rows[0].cells[6] ?? { value: NaN, digits: 0 });
  assert.match(cellOf([0.1, 0.2, 0.3]), /^0\.200 \[-0\.048, 0\.448\] \(p = 0\.07\d\d\)$/);
  assert.equal(cellOf([0, 0, 0]), "0.000 (all cases differ alike)");
});
