import assert from "node:assert/strict";
import { test } from "node:test";
import { canonicalJson, type Json } from "../../../lib/core/hash";
import { pack, unpack } from "../../../lib/records/release/pack";

const values: Record<string, Json> = {
  numbers: [1, 0.1, 1e-30, 0.30000000000000004, -0.5],
  "objects alike": [
    { id: "a", dice: 0.1, hd95: null },
    { dice: 0.2, hd95: 3.5, id: "b" },
  ],
  "objects of which one has more": [{ a: 1 }, { a: 1, b: 2 }],
  nested: [
    {
      site: "HK",
      cases: [
        { id: "1", v: [1, 2] },
        { id: "2", v: [] },
      ],
    },
    { site: "UCL", cases: [] },
  ],
  "names that begin as marks do": { "@keys": ["a"], "@rows": [[1]], "@": { "@@keys": 1 } },
  empty: [{}, {}],
  mixed: [[], {}, null, "x", true],
};

for (const [name, value] of Object.entries(values))
  test(`what is packed comes back as it was: ${name}`, () => {
    assert.equal(canonicalJson(unpack(JSON.parse(JSON.stringify(pack(value))) as Json)), canonicalJson(value));
  });

test("of a list of scores the names are written once", () => {
  const cases = Array.from({ length: 100 }, (_, index) => ({
    id: `Case${index}`,
    officialDice: index,
    undefinedBecause: "",
  }));
  const text = JSON.stringify(pack(cases));
  assert.equal(text.split("officialDice").length - 1, 1);
  assert.ok(text.length < 0.5 * JSON.stringify(cases).length);
});

test("a table whose rows do not fit its names is refused", () => {
  assert.throws(() => unpack({ "@keys": ["a", "b"], "@rows": [[1]] }), /a row of 1 under 2 names/);
});
