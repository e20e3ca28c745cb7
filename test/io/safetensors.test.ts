import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { WorkbenchError } from "../../lib/core/errors";
import { readSafeTensors, writeSafeTensors, type StoredTensor } from "../../lib/io/safetensors";

const tensors: [string, StoredTensor][] = [
  ["weight", { type: "F32", shape: [2, 2], data: Float32Array.of(1, -2.5, 3e-9, NaN) }],
  ["ünïcode name", { type: "F64", shape: [1], data: Float64Array.of(Math.PI) }],
  ["count", { type: "I64", shape: [], data: BigInt64Array.of(-9007199254740993n) }],
  ["index", { type: "I32", shape: [3], data: Int32Array.of(1, -2, 3) }],
  ["half", { type: "F16", shape: [2], data: Uint16Array.of(0x3c00, 0xfc00) }],
  ["brain", { type: "BF16", shape: [1], data: Uint16Array.of(0x4049) }],
  ["__proto__", { type: "U8", shape: [1], data: Uint8Array.of(9) }],
  ["short", { type: "I16", shape: [1, 2], data: Int16Array.of(-300, 300) }],
  ["flag", { type: "BOOL", shape: [2], data: Uint8Array.of(1, 0) }],
  ["mask", { type: "U8", shape: [0], data: new Uint8Array(0) }],
];

/** A file by the format's own words: an eight-byte length, JSON, bytes. Written without the module under test. */
function file(header: string, body = new Uint8Array(0)): Uint8Array {
  const text = Buffer.from(header);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, body]);
}

test("what is written reads back, whatever memory the bytes lie in", () => {
  const bytes = writeSafeTensors(tensors, { note: "a" });
  for (const given of [bytes, new Uint8Array(bytes), Buffer.concat([Buffer.alloc(3), bytes]).subarray(3)]) {
    const read = readSafeTensors(given, "file");
    assert.deepEqual([...read.tensors], tensors);
    assert.deepEqual(read.metadata, { note: "a" });
  }
  assert.equal(Number(Buffer.from(bytes).readBigUInt64LE()) % 8, 0, "the body is not aligned");
});

test("a tensor of a Buffer does not share its memory", () => {
  const bytes = Buffer.from(writeSafeTensors(tensors));
  const { data } = readSafeTensors(bytes, "file").tensors.get("index") as StoredTensor;
  bytes.fill(0);
  assert.deepEqual([data.length, data.buffer.byteLength, ...data], [3, 12, 1, -2, 3]);
});

test("a file written by hand is read", () => {
  const read = readSafeTensors(
    file('{"a":{"dtype":"I32","shape":[1,2],"data_offsets":[0,8]}}', Uint8Array.of(1, 0, 0, 0, 255, 255, 255, 255)),
    "hand",
  );
  assert.deepEqual(read.tensors.get("a"), { type: "I32", shape: [1, 2], data: Int32Array.of(1, -1) });
});

test("damage is one line that names the file", () => {
  const entry = (fields: string) => file(`{"a":{${fields}}}`, new Uint8Array(8));
  const eight = '{"dtype":"U8","shape":[8],"data_offsets":[0,8]}';
  const faults: [RegExp, Uint8Array][] = [
    [/bad: 3 bytes are too few/, new Uint8Array(3)],
    [/bad: header of 1000 bytes in a file of 8/, Uint8Array.of(232, 3, 0, 0, 0, 0, 0, 0)],
    [/bad: the header is not JSON/, file("{")],
    [/bad: the header is not an object/, file("[]")],
    [/bad: entry "a" is not an object/, file('{"a":3}')],
    [/bad: __metadata__ holds something other than text/, file('{"__metadata__":{"a":1}}')],
    [/__metadata__ holds something other than text/, file('{"__metadata__":[]}')],
    [/unsupported dtype "F8"/, entry('"dtype":"F8","shape":[1],"data_offsets":[0,1]')],
    [/unsupported dtype "constructor"/, entry('"dtype":"constructor","shape":[1],"data_offsets":[0,1]')],
    [/no valid shape/, entry('"dtype":"U8","shape":[-1],"data_offsets":[0,1]')],
    [/does not fit/, entry('"dtype":"U8","shape":[9],"data_offsets":[0,9]')],
    [/tensors overlap: 16 bytes up to "b" in a body of 8/, file(`{"a":${eight},"b":${eight}}`, new Uint8Array(8))],
    [/does not fit/, entry('"dtype":"F32","shape":[9007199254740991,9007199254740991],"data_offsets":[0,8]')],
  ];
  for (const [message, bytes] of faults)
    assert.throws(
      () => readSafeTensors(bytes, "bad"),
      (error) => error instanceof WorkbenchError && message.test(error.message),
      `${message}`,
    );
});

test("a header of two million characters is read once, whatever marks are in it", () => {
  // A search for the end of each text from each of its quotation marks would take hours.
  for (const piece of ['\\"', "\\\\", "[]", "{}"])
    assert.throws(
      () => readSafeTensors(file(`{"${piece === "[]" ? 'a":' : ""}${piece.repeat(990_000)}`), "long"),
      WorkbenchError,
    );
  assert.throws(
    () => readSafeTensors(file(`{"a":${"[".repeat(1_900_000)}`), "deep"),
    /deep: the header nests more than 8 deep/,
  );
  const brackets = "[{".repeat(50);
  const named = file(`{"${brackets}\\"${brackets}":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}`, Uint8Array.of(7));
  assert.deepEqual([...readSafeTensors(named, "named").tensors.keys()], [`${brackets}"${brackets}`]);
});

test("mutated files are read or refused, never anything else", () => {
  const seed = new Uint8Array(readFileSync(join(__dirname, "../golden/transforms.safetensors")));
  const edits = fc.array(fc.tuple(fc.nat(900), fc.nat(255)), { maxLength: 6 });
  fc.assert(
    fc.property(edits, fc.nat(2 * seed.length), (changes, length) => {
      const bytes = seed.slice(0, Math.min(seed.length, length));
      for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
      try {
        for (const { data } of readSafeTensors(bytes, "mutant").tensors.values())
          assert.ok(data.byteLength <= bytes.length);
      } catch (error) {
        if (!(error instanceof WorkbenchError)) throw error;
      }
    }),
    { numRuns: 3000, seed: 7 },
  );
});
