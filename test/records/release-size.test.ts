import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateSync } from "node:zlib";
import type { FoundRecord } from "../../lib/records/found";
import { passesLine, readLine, releasedLine } from "../../lib/records/release/line";
import { adaptationOf, federationOf, sitesOf, type PhantomTask } from "./phantom-records";

/** What a record takes in Git, which deflates. */
const bytesOf = (record: FoundRecord) => deflateSync(releasedLine(record) + (passesLine(record) ?? "")).length;

/** Of results/bench/sizing.md: methods at a held-out site with gates, without gates but with ten passes, and with one pass; 3 seeds. */
const outside = [
  { methods: 4, passes: 10, layers: 23 },
  { methods: 3, passes: 10, layers: 0 },
  { methods: 15, passes: 1, layers: 0 },
] as const;
const seeds = 3;
const passesOf = (made: FoundRecord) => (passesLine(made) ? () => passesLine(made) as string : undefined);
/** Federations beside those of `inside`: for held-out sites, of methods with their own, and of ablations. */
const federations = { prostate: 20 * seeds + 6 * seeds * 6 + 36, fundus: 20 * seeds + 4 * seeds * 6 } as const;

function bytesOutside(task: PhantomTask): number {
  const perSite = Object.values(sitesOf[task]).map(([heldOut]) =>
    outside.reduce(
      (sum, { methods, passes, layers }) => sum + methods * bytesOf(adaptationOf(task, heldOut, passes, layers)),
      0,
    ),
  );
  return seeds * perSite.reduce((sum, bytes) => sum + bytes, 0);
}

test("all records of the profile phantom take less than 30 MB in Git", (context) => {
  const ablations = 342 * bytesOf(adaptationOf("prostate", 19, 10, 23));
  const parts = {
    "outside prostate": bytesOutside("prostate"),
    "outside fundus": bytesOutside("fundus"),
    ablations,
    "federations prostate": federations.prostate * bytesOf(federationOf("prostate")),
    "federations fundus": federations.fundus * bytesOf(federationOf("fundus")),
  };
  const all = Object.values(parts).reduce((sum, bytes) => sum + bytes, 0);
  for (const [name, bytes] of Object.entries(parts)) context.diagnostic(`${name}: ${(bytes / 1e6).toFixed(1)} MB`);
  context.diagnostic(`all: ${(all / 1e6).toFixed(1)} MB`);
  assert.ok(all < 30e6, `${all}`);
});

for (const [name, made] of Object.entries({
  "ten passes over photographs with two structures": adaptationOf("fundus", 101, 10, 23),
  "one pass": adaptationOf("prostate", 12, 1, 0),
  "a federation": federationOf("fundus"),
}))
  test(`a line of a release gives back every number: ${name}`, () => {
    const { record, provenance } = readLine(made.name, releasedLine(made), passesOf(made));
    assert.deepEqual(JSON.parse(JSON.stringify(record)), JSON.parse(JSON.stringify(made.record)));
    assert.deepEqual(provenance, made.provenance);
  });

test("passes before the last are read when they are looked at, and checked then", () => {
  const made = adaptationOf("prostate", 12, 3, 2);
  const { record } = readLine("any", releasedLine(made), () =>
    (passesLine(made) as string).replace("telemetry", "telegraphy"),
  );
  assert.equal(record.kind === "adaptation" && record.epochs.length, 3);
  assert.throws(() => JSON.stringify(record), /telegraphy/);
});

test("rounds and scores are checked when they are looked at, and it is said whose they are", () => {
  const made = federationOf("prostate");
  for (const [field, key] of [
    ["bytesUp", "rounds"],
    ["slices", "scores"],
  ] as const) {
    const named = (read: () => unknown) => {
      try {
        return read();
      } catch (error) {
        throw new Error(`of the record: ${(error as Error).message}`);
      }
    };
    const line = releasedLine(made).replace(`"${field}"`, '"other"');
    const { record } = readLine("any", line, undefined, named as <Value>(read: () => Value) => Value);
    assert.equal(record.id, made.record.id);
    assert.throws(() => record[key as keyof typeof record], new RegExp(`of the record: [^]*${field}`));
  }
});

test("a line without scores is no record", () => {
  const line = releasedLine(federationOf("prostate")).replace('"scores":', '"score":');
  assert.throws(() => readLine("any", line), /scores/);
});
