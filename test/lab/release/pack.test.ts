import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
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

test("columns, lengths and places that do not fit each other are refused", () => {
  assert.throws(() => unpack({ "@columns": { a: [1, 2], b: [1] } }), /a column of 1 beside one of 2/);
  assert.throws(() => unpack({ "@columns": JSON.parse('{ "__proto__": [1] }') as Json }), /no name/);
  assert.throws(() => unpack({ "@lengths": [1, 2], "@items": [1] }), /lists of 3 in all beside 1 items/);
  assert.throws(() => unpack({ "@of": [1], "@at": [0, 1] }), /place 1 of 1 values/);
});

test("whatever is JSON comes back as it was", () => {
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom(null, true, 0, "", "@of"),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      tie("list"),
      tie("object"),
    ),
    list: fc.array(tie("value"), { maxLength: 12 }),
    object: fc.dictionary(fc.constantFrom("a", "b", "@", "@of", "@at", "@columns", "@lengths", "@items"), tie("value")),
  }));
  const text = (each: unknown) => canonicalJson(JSON.parse(JSON.stringify(each)) as Json);
  fc.assert(
    fc.property(value, (each) => text(unpack(JSON.parse(JSON.stringify(pack(each as Json))) as Json)) === text(each)),
    { numRuns: 500 },
  );
});
