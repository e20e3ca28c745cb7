import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { WorkbenchError } from "../../../lib/core/errors";
import { createRandom, type Random } from "../../../lib/core/random";
import {
  prostateSite,
  prostateSites,
  prostateSiteTable,
  type ProstateSite,
} from "../../../lib/data/sets/prostate/sites";
import { officialProstateSplit } from "../../../lib/data/sets/prostate/split";
import {
  assertNoLeakage,
  splitByFold,
  splitByRatio,
  splitCases,
  splitModeSchema,
  type SplitMode,
} from "../../../lib/data/set/splits";

const splitProstate = (ids: readonly string[], site: ProstateSite, mode: SplitMode, random: Random) =>
  splitCases(ids, site.name, mode, random, officialProstateSplit(ids, site));
const sizes = (split: ReturnType<typeof splitProstate>) => [
  split.train.length,
  split.validation.length,
  split.test.length,
];

test("the table holds the 116 published cases and 1867 labelled slices", () => {
  const sites = [...prostateSiteTable().values()];
  assert.deepEqual(
    sites.map((site) => site.cases.length),
    [12, 12, 19, 30, 30, 13],
  );
  assert.equal(
    sites.reduce((sum, site) => sum + site.labelledSlices, 0),
    1867,
  );
  assert.equal(prostateSite("RUNMC").name, "ISBI");
  assert.throws(() => prostateSite("HKX"), /unknown site "HKX"; use one of BIDMC, HK/);
});

test("the official split has the published sizes", () => {
  const published = {
    BIDMC: [7, 2, 3],
    HK: [7, 2, 3],
    I2CVB: [12, 3, 4],
    ISBI: [19, 5, 6],
    "ISBI_1.5": [19, 5, 6],
    UCL: [8, 2, 3],
  };
  for (const name of prostateSites) {
    const site = prostateSite(name);
    assert.deepEqual(sizes(splitProstate(site.cases, site, "official", createRandom(0))), published[name]);
    assert.deepEqual(
      sizes(splitProstate(site.cases, site, "seeded", createRandom(0))),
      published[name],
      "the ratio's sizes differ from the lists",
    );
  }
  assert.deepEqual(splitProstate(prostateSite("HK").cases, prostateSite("HK"), "auto", createRandom(0)).test, [
    "Case49",
    "Case45",
    "Case48",
  ]);
});

test("no case is in two parts and none is lost, in every mode", () => {
  const anything = fc.record({
    site: fc.constantFrom(...prostateSites),
    mode: fc.oneof(
      fc.constantFrom<SplitMode>("official", "seeded", "auto"),
      fc.integer({ min: 2, max: 3 }).chain((folds) => fc.nat(folds - 1).map((fold): SplitMode => ({ folds, fold }))),
      fc
        .tuple(...[3, 1, 1].map((least) => fc.integer({ min: least, max: least + 1 })))
        .map(([train, validation, tested]): SplitMode => ({ ratio: [train, validation, tested] })),
    ),
    kept: fc.integer({ min: 3, max: 30 }),
    seed: fc.nat(),
  });
  fc.assert(
    fc.property(anything, ({ site: name, mode, kept, seed }) => {
      const site = prostateSite(name);
      const ids = mode === "official" ? site.cases : site.cases.slice(0, kept);
      // Two folds of three cases leave one case to train and to validate with: refused, see below.
      fc.pre(typeof mode !== "object" || "ratio" in mode || ids.length - Math.ceil(ids.length / mode.folds) >= 2);
      const split = splitProstate(ids, site, mode, createRandom(seed));
      assert.deepEqual([...split.train, ...split.validation, ...split.test].sort(), [...ids].sort());
      assert.ok(Math.min(...sizes(split)) >= 1);
    }),
  );
});

test("the folds' test parts make up the set, one case in one of them", () => {
  fc.assert(
    fc.property(fc.integer({ min: 3, max: 30 }), fc.integer({ min: 2, max: 10 }), fc.nat(), (count, wanted, seed) => {
      const folds = Math.min(wanted, count);
      const ids = Array.from({ length: count }, (_, i) => `Case${i}`);
      const parts = Array.from({ length: folds }, (_, fold) =>
        splitByFold(ids, "HK", { folds, fold }, createRandom(seed)),
      );
      assert.deepEqual(parts.flatMap(({ test: part }) => part).sort(), [...ids].sort());
      const tested = parts.map(({ test: part }) => part.length);
      assert.ok(Math.max(...tested) - Math.min(...tested) <= 1, `folds of ${tested}`);
      for (const { train, validation, test: part } of parts)
        assert.equal(new Set([...train, ...validation, ...part]).size, count);
    }),
  );
});

test("a ratio gives each part its share, whatever the shares add up to", () => {
  const ids = Array.from({ length: 40 }, (_, i) => `Case${i}`);
  for (const ratio of [
    [7, 1, 2],
    [0.7, 0.1, 0.2],
    [70, 10, 20],
  ] as const)
    assert.deepEqual(sizes(splitByRatio(ids, "HK", { ratio }, createRandom(1))), [28, 4, 8]);
  assert.deepEqual(sizes(splitByRatio(ids.slice(0, 3), "HK", { ratio: [98, 1, 1] }, createRandom(1))), [1, 1, 1]);
  const site = prostateSite("HK");
  assert.throws(
    () => splitProstate(site.cases, site, { ratio: [1, 0, 1] }, createRandom(1)),
    /HK: invalid ratio 1 : 0 : 1/,
  );
  assert.throws(
    () => splitProstate(site.cases, site, { ratio: [1, 100, 100] }, createRandom(1)),
    /a split of 12 cases has an empty part/,
  );
  assert.equal(splitModeSchema.safeParse({ ratio: [7, 1] }).success, false);
  assert.deepEqual(splitModeSchema.parse({ ratio: [7, 1, 2] }), { ratio: [7, 1, 2] });
});

test("the lot depends on the seed and not on the order of the files", () => {
  const site = prostateSite("ISBI");
  const split = splitProstate(site.cases, site, "seeded", createRandom(1));
  assert.deepEqual(splitProstate([...site.cases].reverse(), site, "seeded", createRandom(1)), split);
  assert.notDeepEqual(splitProstate(site.cases, site, "seeded", createRandom(2)), split);
});

test("what cannot be split says why", () => {
  const site = prostateSite("HK");
  const refuses = (run: () => unknown, message: RegExp) =>
    assert.throws(run, (error) => error instanceof WorkbenchError && message.test(error.message));
  refuses(() => splitProstate(site.cases.slice(2), site, "official", createRandom(0)), /missing Case38 Case39/);
  refuses(() => splitProstate(site.cases.slice(0, 2), site, "auto", createRandom(0)), /2 cases, too few/);
  for (const [folds, fold] of [
    [1, 0],
    [5, 5],
    [5, -1],
    [13, 0],
    [2.5, 0],
  ])
    refuses(() => splitProstate(site.cases, site, { folds, fold }, createRandom(0)), /HK has no fold/);
  refuses(
    () => assertNoLeakage({ train: ["a"], validation: ["b"], test: ["a"] }, ["a", "b"]),
    /case a is in two parts/,
  );
  refuses(() => assertNoLeakage({ train: ["a"], validation: ["b"], test: ["c"] }, ["a", "b"]), /case c/);
  refuses(() => assertNoLeakage({ train: ["a", "b"], validation: [], test: ["c"] }, ["a", "b", "c"]), /empty part/);
});

test("folds that leave a part empty are refused", () => {
  const site = prostateSite("BIDMC");
  assert.throws(
    () => splitProstate(site.cases.slice(0, 3), site, { folds: 2, fold: 0 }, createRandom(0)),
    /a split of 3 cases has an empty part; use more cases or more folds/,
  );
});
