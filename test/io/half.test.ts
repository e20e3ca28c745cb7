import assert from "node:assert/strict";
import { test } from "node:test";
import { bfloatsToFloats, halfToNumber, toFloats } from "../../lib/io/half";

test("halves of IEEE 754: normal, subnormal, signed zero, infinite, not a number", () => {
  const known = [
    [0x3c00, 1],
    [0xc000, -2],
    [0x7bff, 65504],
    [0x0400, 2 ** -14],
    [0x0001, 2 ** -24],
    [0x03ff, 1023 * 2 ** -24],
    [0x3555, 0.333251953125],
    [0x7c00, Infinity],
    [0xfc00, -Infinity],
  ];
  for (const [bits, value] of known) assert.equal(halfToNumber(bits), value);
  assert.ok(Object.is(halfToNumber(0x8000), -0) && Number.isNaN(halfToNumber(0x7e00)));
});

test("bfloat16 is the upper half of a float32", () => {
  assert.deepEqual([...bfloatsToFloats(Uint16Array.of(0x3f80, 0xc049, 0x7f80, 0x8000))], [1, -3.140625, Infinity, -0]);
});

test("every type comes out as float32", () => {
  assert.deepEqual([...toFloats({ type: "I64", shape: [2], data: BigInt64Array.of(-3n, 1n << 40n) })], [-3, 2 ** 40]);
  assert.deepEqual([...toFloats({ type: "F64", shape: [1], data: Float64Array.of(0.1) })], [Math.fround(0.1)]);
  assert.deepEqual([...toFloats({ type: "BOOL", shape: [2], data: Uint8Array.of(1, 0) })], [1, 0]);
});
