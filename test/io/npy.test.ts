import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { WorkbenchError } from "../../lib/core/errors";
import { toFloats } from "../../lib/io/half";
import { readNpy, readNpz } from "../../lib/io/npy";
import type { StoredTensor } from "../../lib/io/safetensors";

/** Written by NumPy 1.26.4. */
const fixture = (name: string) => readFileSync(join(__dirname, "numpy", name));
const refused = (message: RegExp) => (error: unknown) =>
  error instanceof WorkbenchError && message.test(error.message) && !error.message.includes("\n");

test("archives of NumPy, stored or packed: every type, byte order and memory order", () => {
  const want: Record<string, [type: string, shape: number[], values: (number | bigint)[]]> = {
    f8: ["F64", [2, 2], [1.5, -2e300, Math.PI, 0]],
    f4_big: ["F32", [2, 3], [-2.5, -1.5, -0.5, 0.5, 1.5, 2.5]],
    f2: ["F16", [4], [0x3c01, 0xfbff, 0x0001, 0x7c00]],
    i8: ["I64", [], [-9007199254740993n]],
    i4_fortran: ["I32", [2, 3, 4], Array.from({ length: 24 }, (_, i) => i)],
    i2_big: ["I16", [2], [-300, 300]],
    i1: ["I8", [2], [-1, 1]],
    u2: ["U16", [1], [65535]],
    u1_empty: ["U8", [0, 3], []],
    b1: ["BOOL", [2], [1, 0]],
  };
  for (const archive of ["stored.npz", "packed.npz"]) {
    const read = readNpz(fixture(archive), archive);
    const plain = Array.from(read, ([name, { type, shape, data }]) => [name, [type, shape, [...data]]]);
    assert.deepEqual(Object.fromEntries(plain), want, archive);
    assert.deepEqual([...toFloats(read.get("f2") as StoredTensor)], [1.0009765625, -65504, 2 ** -24, Infinity]);
  }
});

test("single files of versions 1 to 3", () => {
  assert.deepEqual(
    [...readNpy(fixture("fortran.npy"), "file").data],
    Array.from({ length: 24 }, (_, i) => i),
  );
  for (const name of ["version2.npy", "version3.npy"])
    assert.deepEqual([...readNpy(fixture(name), name).data], [1.5, -2e300, Math.PI, 0]);
});

test("what holds no numbers, or not as many as it says, is refused in one line", () => {
  assert.throws(
    () => readNpy(fixture("objects.npy"), "objects.npy"),
    refused(/objects\.npy: dtype "\|O" is not supported/),
  );
  assert.throws(() => readNpy(fixture("fields.npy"), "fields.npy"), refused(/is not that of an array/));
  assert.throws(
    () => readNpy(fixture("fortran.npy").subarray(0, 200), "short.npy"),
    refused(/shape \(2,3,4\) of i4 needs 96 bytes, there are 72/),
  );
  assert.throws(() => readNpy(Buffer.from("hello, this is text"), "text"), refused(/text: is no \.npy file/));
  const hostile = Buffer.from(fixture("fortran.npy").toString("latin1").replace("(2, 3, 4)", "(9999999,)"), "latin1");
  assert.throws(
    () => readNpy(hostile, "hostile"),
    refused(/shape \(9999999\) of i4 needs 39999996 bytes, there are 9[67]/),
  );
});
