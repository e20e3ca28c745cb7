import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { strToU8, unzipSync, zipSync } from "fflate";
import { WorkbenchError } from "../../lib/core/errors";
import type { PickleObject } from "../../lib/io/pickle";
import type { StoredTensor } from "../../lib/io/safetensors";
import { torchEntries } from "../../lib/io/torch-entries";
import { readTorch } from "../../lib/io/torch-file";

const golden = join(__dirname, "../golden/checkpoint");
const file = (name: string) => readFileSync(join(golden, name));
const parts = unzipSync(new Uint8Array(file("nested_zip.pth")));
const refused = (message: RegExp) => (error: unknown) =>
  error instanceof WorkbenchError && message.test(error.message) && !error.message.includes("\n");

/** A sound archive around a pickle that is written by hand; `X` texts are short. */
const archive = (pickle: string, more: Record<string, Uint8Array> = {}) =>
  zipSync({ "a/data.pkl": Buffer.from(`\x80\x02${pickle}`, "latin1"), ...more }, { level: 0 });
const short = (text: string) => `\x8c${String.fromCharCode(text.length)}${text}`;
const number = (value: number) => `J${Buffer.from(Int32Array.of(value).buffer).toString("latin1")}`;
const numbers = (values: readonly number[]) => `(${values.map(number).join("")}t`;
const storage = (count: number, { type = "FloatStorage", key = "0" } = {}) =>
  `(${short("storage")}ctorch\n${type}\n${short(key)}${short("cpu")}${number(count)}tQ`;
const tensor = (count: number, offset: number, shape: readonly number[], stride: readonly number[], options = {}) =>
  `ctorch._utils\n_rebuild_tensor_v2\n(${storage(count, options)}${number(offset)}${numbers(shape)}${numbers(stride)}\x89NtR`;
const floats = (count: number) => ({
  "a/data/0": new Uint8Array(Float32Array.from({ length: count }, (_, i) => i).buffer),
});

test("a tensor written by hand is read, whatever its strides", () => {
  const read = (...window: Parameters<typeof tensor>) =>
    readTorch(archive(`${tensor(...window)}.`, floats(window[0])), "hand") as StoredTensor;
  assert.deepEqual([...read(6, 0, [2, 3], [3, 1]).data], [0, 1, 2, 3, 4, 5]);
  assert.deepEqual([...read(6, 0, [3, 2], [1, 3]).data], [0, 3, 1, 4, 2, 5]);
  assert.deepEqual([...read(6, 1, [2, 2], [0, 4]).data], [1, 5, 1, 5]);
  assert.deepEqual([...read(6, 5, [], []).data], [5]);
  assert.deepEqual([...read(6, 9, [0], [1]).data], []);
});

test("big-endian archives are turned", () => {
  const content = Uint8Array.of(0x3f, 0x80, 0, 0, 0xc0, 0x20, 0, 0);
  const read = readTorch(
    archive(`${tensor(2, 0, [2], [1])}.`, { "a/data/0": content, "a/byteorder": strToU8("big") }),
    "big",
  ) as StoredTensor;
  assert.deepEqual([...read.data], [1, -2.5]);
  assert.throws(
    () => readTorch(archive("N.", { "a/byteorder": strToU8("middle") }), "odd"),
    refused(/odd: byteorder is "middle"/),
  );
});

test("attributes of an ordered dict, as model.state_dict() has them, are left out", () => {
  const metadata = `}${short("_metadata")}ccollections\nOrderedDict\n)Rs`;
  const value = readTorch(archive(`ccollections\nOrderedDict\n)R${short("x")}${number(7)}s${metadata}b.`), "metadata");
  assert.deepEqual(value, new Map([["x", 7]]));
});

test("what a state dict does not need is refused by name and not run", () => {
  const attacks: [RegExp, string][] = [
    [
      /asks for "os\.system", which is not allowed; it is not plain data, and nothing of it was run/,
      `cos\nsystem\n(${short("touch /tmp/owned")}tR.`,
    ],
    [/asks for "builtins\.eval"/, `${short("builtins")}${short("eval")}\x93.`],
    [/asks for "torch\.storage\._load_from_bytes"/, "ctorch.storage\n_load_from_bytes\n."],
    [/asks for "torch\._utils\._rebuild_qtensor"/, "ctorch._utils\n_rebuild_qtensor\n."],
    [
      /asks for "nets\.models\.UNet", a class, so that it is a whole pickled module.*state_dict\(\)/,
      "cnets.models\nUNet\n.",
    ],
    [/asks for "subprocess\.Popen", which is not allowed/, "csubprocess\nPopen\n."],
    [/asks for "torch\.ComplexFloatStorage"/, "ctorch\nComplexFloatStorage\n."],
    [/asks for "collections\.OrderedDict\.fromkeys"/, "ccollections\nOrderedDict.fromkeys\n."],
    [/asks for "__proto__\.constructor"/, "c__proto__\nconstructor\n."],
    [/opcode INST is not allowed/, "(ios\nsystem\n."],
    [/calls torch\.FloatStorage with 0 values/, "ctorch\nFloatStorage\n)\x81."],
    [/opcode EXT1 is not allowed/, "\x82\x01."],
    [/opcode DUP is not allowed/, "]2."],
    [/opcode 0xff is not allowed/, "\xff."],
    [/calls something that is no name/, `${short("os.system")})R.`],
    [/calls torch\.FloatStorage with 0 values/, "ctorch\nFloatStorage\n)R."],
    [/calls collections\.OrderedDict with 1 values/, "ccollections\nOrderedDict\n(NtR."],
    [/sets attributes of something that is no dict/, "]}b."],
    [/a persistent id names no storage/, `${short("storage")}Q.`],
  ];
  for (const [message, pickle] of attacks)
    assert.throws(() => readTorch(archive(pickle), "evil.pth"), refused(message), `${message}`);
});

test("windows outside a storage, sizes that do not fit and memory that was not promised are refused", () => {
  const faults: [RegExp, Uint8Array][] = [
    [
      /tensor 0 has no valid storage, offset, type, shape or stride/,
      archive(`${tensor(6, 1, [2, 3], [3, 1])}.`, floats(6)),
    ],
    [/no valid storage/, archive(`${tensor(6, 0, [-2], [1])}.`, floats(6))],
    [/no valid storage/, archive(`${tensor(6, 0, [2], [-1])}.`, floats(6))],
    [/no valid storage/, archive(`${tensor(6, 0, [2, 3], [3])}.`, floats(6))],
    [/no valid storage/, archive(`${tensor(6, 0, Array(9).fill(2147483647), Array(9).fill(0))}.`, floats(6))],
    [/storage 0 has 24 bytes, want 40/, archive(`${tensor(10, 0, [10], [1])}.`, floats(6))],
    [
      /storage 0 has 24 bytes, want 8000000000/,
      archive(`${tensor(1e9, 0, [1], [1], { type: "LongStorage" })}.`, floats(6)),
    ],
    [/tensors of 4000000000 bytes from storages of 4/, archive(`${tensor(1, 0, [1_000_000_000], [0])}.`, floats(1))],
    [
      /tensors of 160000 bytes from storages of 4000/,
      archive(`(${tensor(1000, 0, [1000], [1]).repeat(40)}t.`, floats(1000)),
    ],
    [
      /storage 0 is described in two ways/,
      archive(`${tensor(6, 0, [6], [1])}${tensor(6, 0, [6], [1], { type: "IntStorage" })}.`, floats(6)),
    ],
    [/has no entry "a\/data\/\.\.\/x"/, archive(`${tensor(6, 0, [6], [1], { key: "../x" })}.`, floats(6))],
    [/nothing left to take/, archive(".")],
    [/4 bytes wanted, 2 left/, archive("J\x01\x02")],
    [/memo 3 is empty/, archive("h\x03.")],
    [/more than 1000000 steps/, archive("]".repeat(1_000_001))],
    [/with 0 files data\.pkl/, zipSync({ "data.pkl": new Uint8Array(1) })],
  ];
  for (const [message, bytes] of faults)
    assert.throws(() => readTorch(bytes, "bad.pth"), refused(message), `${message}`);
});

test("lists in themselves and lists that double at each level end with one line", () => {
  assert.throws(
    () => torchEntries(readTorch(archive("]q\x00h\x00a."), "loop"), "loop"),
    refused(/loop: holds dicts more than 16 deep/),
  );
  const nested = `]q\x00${Array.from({ length: 14 }, (_, i) => `]q${String.fromCharCode(i + 1)}(${`h${String.fromCharCode(i)}`.repeat(9)}e`).join("")}.`;
  assert.throws(
    () => torchEntries(readTorch(archive(nested), "laughs"), "laughs"),
    refused(/laughs: holds .* more than 100000 values/),
  );
});

test("legacy files: every cut and every foreign start is refused in one line", () => {
  const whole = file("odd_legacy.pth");
  for (let length = 0; length < whole.length; length += 7)
    assert.throws(() => readTorch(whole.subarray(0, length), "cut"), refused(/^cut: /), `${length}`);
  assert.throws(() => readTorch(Buffer.from("\x80\x02K\x01."), "other"), refused(/other: /));
  assert.throws(
    () => readTorch(Buffer.from("<html>"), "page.pth"),
    refused(/page\.pth: is a web page, not a file of torch\.save/),
  );
  assert.throws(
    () => readTorch(Buffer.from("\x80\x02K\x01.", "latin1"), "pickle"),
    refused(/is a pickle, but torch\.save did not write it/),
  );
});

test("a damaged storage is found by its CRC-32", () => {
  const bytes = zipSync(parts, { level: 0 });
  const content = parts["nested_zip/data/0"];
  const at = Buffer.from(bytes).indexOf(Buffer.from(content));
  bytes[at] ^= 1;
  assert.throws(() => readTorch(bytes, "flipped"), refused(/"nested_zip\/data\/0" does not match its CRC-32/));
});

test("what torch's own safe list holds beside tensors is kept as data or as a name", () => {
  const set = `c__builtin__\nset\n(](${number(1)}${number(2)}etR`;
  const size = `ctorch\nSize\n(${numbers([2, 3])}tR`;
  const device = `ctorch\ndevice\n(${short("cpu")}tR`;
  const scalar = `cnumpy.core.multiarray\nscalar\n(cnumpy\ndtype\n(${short("f8")}\x89\x88tR(tb\x42\x08\0\0\0${"x".repeat(8)}tR`;
  const values = readTorch(
    archive(`}(${short("set")}${set}${short("size")}${size}${short("on")}${device}${short("best")}${scalar}u.`),
    "beside",
  ) as Map<string, unknown>;
  assert.deepEqual(
    [values.get("set"), values.get("size")],
    [
      [1, 2],
      [2, 3],
    ],
  );
  assert.deepEqual(
    ["on", "best"].map((key) => (values.get(key) as PickleObject).name),
    ["torch.device", "numpy.core.multiarray.scalar"],
  );
});

test("parameters with attributes and typed views of bytes are read", () => {
  const state = `(${tensor(2, 0, [2], [1])}\x88}}${short("name")}${short("x")}stR.`;
  const parameter = readTorch(
    archive(`ctorch._utils\n_rebuild_parameter_with_state\n${state}`, floats(2)),
    "parameter",
  );
  assert.deepEqual([...(parameter as StoredTensor).data], [0, 1]);
  const v3 = (offset: number) =>
    archive(
      `ctorch._utils\n_rebuild_tensor_v3\n((${short("storage")}ctorch.storage\nUntypedStorage\n${short("0")}${short("cpu")}${number(6)}tQ${number(offset)}${numbers([2])}${numbers([1])}\x89Nctorch\nuint16\ntR.`,
      { "a/data/0": Uint8Array.of(1, 0, 2, 0, 255, 255) },
    );
  const { type, data } = readTorch(v3(1), "v3") as StoredTensor;
  assert.deepEqual([type, ...data], ["U16", 2, 65535]);
  assert.throws(() => readTorch(v3(2), "v3"), refused(/tensor 0 has no valid storage/));
});

test("the work is bounded, not the bytes alone: names, keys and values that double", () => {
  const doubled = Array.from(
    { length: 60 },
    (_, i) => `h${String.fromCharCode(i)}h${String.fromCharCode(i)}\x86q${String.fromCharCode(i + 1)}`,
  ).join("");
  const faults: [RegExp, Uint8Array][] = [
    [/asks for a name that is a list of 2/, archive(`]q\0${doubled}${short("x")}\x93.`)],
    [/a persistent id names no storage \(a list of 2\)/, archive(`]q\0${doubled}Q.`)],
    [/a key of 100000 characters/, archive(`}X\xa0\x86\x01\0${"k".repeat(100_000)}Ns.`)],
    [
      /unpacks to 5000000\d bytes from \d+, which torch\.save never packs/,
      zipSync({ "a/data.pkl": Buffer.from("N."), "a/data/0": new Uint8Array(50_000_000) }),
    ],
  ];
  for (const [message, bytes] of faults) assert.throws(() => readTorch(bytes, "bomb"), refused(message), `${message}`);
  const legacy = Buffer.concat([
    file("odd_legacy.pth").subarray(0, 15),
    Buffer.from(`\x80\x02]q\0${doubled}.`, "latin1"),
  ]);
  assert.throws(() => readTorch(legacy, "legacy"), refused(/protocol is a list of 2, want 1001/));
});
