import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { unzipSync, zipSync } from "fflate";
import { readNifti } from "../../lib/io/nifti";
import { readNpy, readNpz } from "../../lib/io/npy";
import { readSafeTensors, writeSafeTensors, type StoredTensor } from "../../lib/io/safetensors";
import { torchEntries } from "../../lib/io/torch-entries";
import { readTorch } from "../../lib/io/torch-file";
import { openZip } from "../../lib/io/zip";
import { fuzzTest } from "./fuzz-reader";
import { smallZip64 } from "./zip64-archive";

const golden = join(__dirname, "../golden");
const filesIn = (folder: string, ending: string) =>
  readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => new Uint8Array(readFileSync(join(folder, name))));
const text = (content: string) => new Uint8Array(Buffer.from(content));

const bytesOf = (tensors: Iterable<StoredTensor>) =>
  Array.from(tensors).reduce((sum, { data }) => sum + data.byteLength, 0);
const fits = ({ shape, data }: StoredTensor) =>
  assert.equal(
    data.length,
    shape.reduce((product, length) => product * length, 1),
  );

const small = writeSafeTensors(
  [
    ["a", { type: "F32", shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) }],
    ["b", { type: "BOOL", shape: [3], data: Uint8Array.of(1, 0, 1) }],
    ["c", { type: "I64", shape: [], data: BigInt64Array.of(7n) }],
  ],
  { note: "text" },
);
fuzzTest(
  "safetensors",
  [small, new Uint8Array(readFileSync(join(golden, "transforms.safetensors")))],
  4000,
  (bytes) => readSafeTensors(bytes, "file").tensors,
  (tensors, bytes) => {
    tensors.forEach(fits);
    assert.ok(bytesOf(tensors.values()) <= bytes.length);
  },
);

fuzzTest(
  "NIfTI",
  filesIn(join(golden, "nifti"), ""),
  4000,
  (bytes) => readNifti(bytes, "file"),
  ({ voxels, shape }, bytes) => {
    assert.equal(voxels.length, shape[0] * shape[1] * shape[2]);
    assert.ok(voxels.length <= bytes.length * 1032);
  },
);

fuzzTest(
  "npy",
  filesIn(join(__dirname, "numpy"), ".npy").filter(
    (file) => !/\|O|\[\(/.test(Buffer.from(file).toString("latin1", 0, 128)),
  ),
  6000,
  (bytes) => readNpy(bytes, "file"),
  (tensor, bytes) => {
    fits(tensor);
    assert.ok(tensor.data.byteLength <= bytes.length);
  },
);

fuzzTest(
  "npz",
  filesIn(join(__dirname, "numpy"), ".npz"),
  6000,
  (bytes) => readNpz(bytes, "file"),
  (tensors, bytes) => {
    tensors.forEach(fits);
    assert.ok(bytesOf(tensors.values()) <= bytes.length * 1032);
  },
);

const zipped = zipSync({ a: text("one line and one line"), "b/c": text("another") }, { mtime: "2020-01-01" });
function readWhole(bytes: Uint8Array): Uint8Array[] {
  const { names, read } = openZip(bytes, "file");
  return names.map((name) => {
    assert.ok(!/^[/\\]|\.\.[/\\]|^[A-Za-z]:/.test(name), name);
    return read(name);
  });
}
fuzzTest("zip and zip64", [zipped, new Uint8Array(smallZip64())], 6000, readWhole, (contents, bytes) => {
  assert.ok(contents.reduce((sum, { length }) => sum + length, 0) <= bytes.length * 1032);
});

const pth = (name: string) => new Uint8Array(readFileSync(join(golden, "checkpoint", name)));
fuzzTest(
  "pth",
  ["odd_zip.pth", "odd_legacy.pth", "nested_zip.pth"].map(pth),
  6000,
  (bytes) => torchEntries(readTorch(bytes, "file"), "file"),
  (tensors, bytes) => {
    tensors.forEach(fits);
    assert.ok(bytesOf(new Set(tensors.values())) <= 16 * 1032 * bytes.length + 65_536);
  },
);
// The CRC-32 of a zip archive guards its pickle against chance only: here the archive around a mutated pickle is sound.
const { "odd_zip/data.pkl": pickle, ...others } = unzipSync(pth("odd_zip.pth"));
fuzzTest(
  "pth, pickle in a sound archive",
  [pickle],
  6000,
  (bytes) => torchEntries(readTorch(zipSync({ ...others, "odd_zip/data.pkl": bytes }, { level: 0 }), "file"), "file"),
  (tensors) => {
    tensors.forEach(fits);
    assert.ok(bytesOf(new Set(tensors.values())) <= 16 * 400 + 65_536);
  },
);
fuzzTest(
  "pth, legacy",
  [pth("odd_legacy.pth")],
  6000,
  (bytes) => torchEntries(readTorch(bytes, "file"), "file"),
  (tensors, bytes) => {
    tensors.forEach(fits);
    assert.ok(bytesOf(new Set(tensors.values())) <= 16 * bytes.length + 65_536);
  },
);
