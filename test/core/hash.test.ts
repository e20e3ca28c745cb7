import assert from "node:assert/strict";
import { test } from "node:test";
import { canonicalJson, hashOf, sha256 } from "../../lib/core/hash";

test("canonical JSON does not depend on the order of keys and leaves out what is undefined", () => {
  assert.equal(
    canonicalJson({ b: [1, { d: null, c: "x" }], a: true, e: undefined }),
    '{"a":true,"b":[1,{"c":"x","d":null}]}',
  );
  assert.equal(hashOf({ x: 1, y: 2 }), hashOf({ y: 2, x: 1 }));
  assert.throws(() => canonicalJson({ loss: Number.NaN }), /no JSON for NaN/);
});

test("SHA-256 of the test vector of FIPS 180-4", () => {
  assert.equal(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});
