import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { crc32 } from "node:zlib";
import { unzipSync, zipSync } from "fflate";
import { PNG } from "pngjs";
import { z } from "zod";
import { profileSchema } from "../../lib/records/config";
import { parseConfig } from "../../lib/io/config";
import { readNifti } from "../../lib/io/nifti";
import { readNpy, readNpz } from "../../lib/io/npy";
import { decodePng, encodePng } from "../../lib/io/png";
import { readSafeTensors, writeSafeTensors, type StoredTensor } from "../../lib/io/safetensors";
import { torchEntries } from "../../lib/io/torch-entries";
import { readTorch } from "../../lib/io/torch-file";
import { openZip } from "../../lib/io/zip";
import { readNotebook, hasTag, sourceOf } from "../../lib/notebook/runner/notebook-file";
import { fuzz } from "./mutate";
import { smallZip64 } from "./zip64-archive";

/**
 * Mutated files of every format: read or refused in one line, never anything else, and never more memory than the file promises.
 * FUZZ_CASES sets the number of cases for each reader (default: a batch of a few seconds), FUZZ_SEED where they start. The long run:
 *   FUZZ_CASES=100000 node -r ts-node/register --test test/io/fuzz.test.ts
 */
const asked = Number(process.env.FUZZ_CASES ?? 0);
const seed = Number(process.env.FUZZ_SEED ?? 1);
const golden = join(__dirname, "../golden");
const filesIn = (folder: string, ending: string) =>
  readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => new Uint8Array(readFileSync(join(folder, name))));
const text = (content: string) => new Uint8Array(Buffer.from(content));
const temporary = mkdtempSync(join(tmpdir(), "workbench-fuzz-"));
after(() => rmSync(temporary, { recursive: true }));

function fuzzTest<Value>(
  name: string,
  seeds: readonly Uint8Array[],
  usual: number,
  read: (bytes: Uint8Array) => Value,
  check: (value: Value, bytes: Uint8Array) => void,
): void {
  test(`${name}: mutated files are read or refused`, async (context) => {
    assert.ok(seeds.length > 0, "no files to start from");
    for (const file of seeds) check(read(file), file);
    const before = process.memoryUsage().rss;
    const { read: ok, refused, slowestMilliseconds, mostBytes } = await fuzz(seeds, asked || usual, seed, read, check);
    const [grown, most] = [process.memoryUsage().rss - before, mostBytes].map((bytes) => Math.ceil(bytes / 2 ** 10));
    context.diagnostic(
      `${name}: ${ok} read, ${refused} refused, slowest ${slowestMilliseconds} ms, greediest ${most} KiB, memory +${Math.round(grown / 1024)} MiB`,
    );
    assert.ok(refused > 0 && ok > 0, "the mutations reach only one outcome");
    // No file here is larger than 40 KiB; a stream that swells is stopped at what its header promises.
    assert.ok(most < 1024, `one case took ${most} KiB`);
    assert.ok(grown < 300 * 1024, `memory grew by ${grown} KiB`);
  });
}

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

const picture = (channels: 1 | 3) =>
  encodePng({
    width: 7,
    height: 5,
    channels,
    data: Uint8Array.from({ length: 35 * channels }, (_, i) => (31 * i) % 256),
  });
const withAlpha = PNG.sync.write(new PNG({ width: 6, height: 4 }));
/** Mends the CRC-32 of every chunk, which would otherwise stop every mutation at the door. */
function sealed(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 8; at + 12 <= bytes.length; at += 12 + view.getUint32(at)) {
    const end = at + 8 + view.getUint32(at);
    if (end + 4 > bytes.length) break;
    view.setUint32(end, crc32(bytes.subarray(at + 4, end)));
  }
  return bytes;
}
fuzzTest(
  "PNG",
  [picture(1), picture(3), new Uint8Array(withAlpha)],
  4000,
  (bytes) => decodePng(sealed(bytes), "file"),
  ({ width, height, channels, data }, bytes) => {
    assert.equal(data.length, width * height * channels);
    assert.ok(data.length <= bytes.length * 1032 * 8);
  },
);

const configs = [
  ["profiles/quick.yaml", profileSchema],
  ["experiments/outside-prostate.yaml", z.unknown()],
] as const;
for (const [name, schema] of configs) {
  fuzzTest(
    `YAML, ${name}`,
    [new Uint8Array(readFileSync(join(__dirname, "../../configs", name)))],
    1500,
    (bytes) => parseConfig(Buffer.from(bytes).toString(), schema, "file"),
    (value) => {
      assert.ok(value !== undefined);
    },
  );
}

const notebook = text(
  JSON.stringify(
    {
      cells: [
        {
          id: "a",
          cell_type: "code",
          metadata: { tags: ["parameters"] },
          source: ["let a = 1;\n", "a"],
          outputs: [],
          execution_count: null,
        },
        { id: "b", cell_type: "markdown", metadata: {}, source: "# b" },
      ],
      metadata: { kernelspec: { name: "x" } },
      nbformat: 4,
      nbformat_minor: 5,
    },
    null,
    1,
  ),
);
fuzzTest(
  "ipynb",
  [notebook],
  3000,
  (bytes) => {
    const path = join(temporary, "a.ipynb");
    writeFileSync(path, bytes);
    return readNotebook(path);
  },
  ({ cells }) => {
    for (const cell of cells)
      assert.deepEqual([typeof sourceOf(cell), typeof hasTag(cell, "parameters")], ["string", "boolean"]);
  },
);
