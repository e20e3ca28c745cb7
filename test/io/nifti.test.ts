import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { WorkbenchError } from "../../lib/core/errors";
import { sha256 } from "../../lib/core/hash";
import { readNifti, writeNifti, type NiftiVolume } from "../../lib/io/nifti";

const golden = join(__dirname, "../golden/nifti");
const volume = {
  voxels: Int16Array.from({ length: 24 }, (_, i) => 31 * i - 300),
  shape: [2, 3, 4],
  spacing: [3.5, 0.5, 0.625],
} satisfies NiftiVolume<Int16Array>;
const plain = () => writeNifti(volume, { gzip: false });
const edited = (edit: (view: DataView) => void): Uint8Array => {
  const file = plain();
  edit(new DataView(file.buffer));
  return file;
};

test("a written volume reads back, zipped or not", () => {
  for (const gzip of [true, false]) {
    const read = readNifti(writeNifti(volume, { gzip }), "case");
    const { voxels, shape, spacing, notes } = read;
    assert.deepEqual([[...voxels], shape, spacing, notes], [[...volume.voxels], volume.shape, volume.spacing, []]);
  }
  const mask = {
    voxels: Uint8Array.of(0, 1, 2, 1),
    shape: [1, 2, 2],
    spacing: [1, 1, 1],
  } satisfies NiftiVolume<Uint8Array>;
  assert.deepEqual([...readNifti(writeNifti(mask), "mask").voxels], [0, 1, 2, 1]);
});

test("the bytes of a written file are the same on every machine", () => {
  assert.equal(sha256(writeNifti(volume)), "d6cf993f4cd89bc05babf292cac470cf204c9e13143b28d37d865a43c34ad476");
});

test("every datatype is read in both byte orders", () => {
  const types: [
    code: number,
    bytes: number,
    write: (view: DataView, offset: number, value: number, little: boolean) => void,
  ][] = [
    [2, 1, (view, offset, value) => view.setUint8(offset, value)],
    [256, 1, (view, offset, value) => view.setInt8(offset, value)],
    [4, 2, (view, offset, value, little) => view.setInt16(offset, value, little)],
    [512, 2, (view, offset, value, little) => view.setUint16(offset, value, little)],
    [8, 4, (view, offset, value, little) => view.setInt32(offset, value, little)],
    [768, 4, (view, offset, value, little) => view.setUint32(offset, value, little)],
    [16, 4, (view, offset, value, little) => view.setFloat32(offset, value, little)],
    [64, 8, (view, offset, value, little) => view.setFloat64(offset, value, little)],
    [1024, 8, (view, offset, value, little) => view.setBigInt64(offset, BigInt(value), little)],
    [1280, 8, (view, offset, value, little) => view.setBigUint64(offset, BigInt(value), little)],
  ];
  for (const [code, bytes, write] of types) {
    for (const little of [true, false]) {
      const file = new DataView(new ArrayBuffer(352 + 3 * bytes));
      file.setInt32(0, 348, little);
      [1, 3].forEach((value, i) => file.setInt16(40 + 2 * i, value, little));
      file.setInt16(70, code, little);
      [1, 2, 3, 4].forEach((value, i) => file.setFloat32(76 + 4 * i, value, little));
      file.setFloat32(108, 352, little);
      file.setUint32(344, 0x6e2b3100);
      [5, 0, 120].forEach((value, i) => write(file, 352 + i * bytes, value, little));
      const { voxels, shape } = readNifti(new Uint8Array(file.buffer), `type ${code}`);
      assert.deepEqual(
        [[...voxels], shape],
        [
          [5, 0, 120],
          [1, 1, 3],
        ],
        `type ${code}, ${little ? "little" : "big"}-endian`,
      );
    }
  }
});

test("a broken field is named with its value", () => {
  const faults: [RegExp, (view: DataView) => void][] = [
    [/case: sizeof_hdr is 349/, (view) => (view.setInt32(0, 349, true), view.setUint8(344, 0))],
    [/case: is the header of a \.hdr\/\.img pair \(magic "ni1"\)/, (view) => view.setUint8(345, 0x69)],
    [/case: dim\[0\] is -1/, (view) => view.setInt16(40, -1, true)],
    [/case: dim\[2\] is 0/, (view) => view.setInt16(44, 0, true)],
    [/case: dim\[4\] is 7: more than one volume/, (view) => (view.setInt16(40, 4, true), view.setInt16(48, 7, true))],
    [/case: magic is "xi1"/, (view) => view.setUint16(344, 0x7869)],
    [/case: datatype 128 \(RGB colours\) is not supported/, (view) => view.setInt16(70, 128, true)],
    [/case: pixdim\[3\] is NaN/, (view) => (view.setFloat32(88, NaN, true), view.setInt16(254, 0, true))],
    [/case: vox_offset is 12/, (view) => view.setFloat32(108, 12, true)],
    [/case: scl_inter is Infinity/, (view) => view.setFloat32(116, Infinity, true)],
    [
      /case: truncated: shape \[30000,30000,30000\] of int16 needs 54000000000352 bytes, there are 400/,
      (view) => [42, 44, 46].forEach((at) => view.setInt16(at, 30000, true)),
    ],
  ];
  for (const [message, edit] of faults)
    assert.throws(
      () => readNifti(edited(edit), "case"),
      (error) => error instanceof WorkbenchError && message.test(error.message),
      `${message}`,
    );
});

test("truncated and overlong files give one clear line", () => {
  const zipped = writeNifti(volume);
  const line = (message: RegExp) => (error: unknown) =>
    error instanceof WorkbenchError && message.test(error.message) && !error.message.includes("\n");
  assert.throws(
    () => readNifti(plain().subarray(0, 399), "short"),
    line(/short: truncated: .* needs 400 bytes, there are 399/),
  );
  assert.throws(() => readNifti(plain().subarray(0, 100), "short"), line(/100 bytes are too few/));
  assert.throws(
    () => readNifti(zipped.subarray(0, zipped.length - 12), "short.gz"),
    line(/short.gz: the gzip stream ends too early \(truncated file\)/),
  );
  assert.throws(
    () => readNifti(gzipSync(Buffer.concat([plain(), Buffer.alloc(70_000)])), "long.gz"),
    line(/holds far more than the 400 bytes/),
  );
  assert.throws(() => readNifti(new Uint8Array(0), "empty"), line(/empty: is an empty file, not a NIfTI volume/));
});

test("a zip bomb is refused before it is unpacked", () => {
  const bomb = gzipSync(Buffer.concat([plain().subarray(0, 352), Buffer.alloc(200_000_000)]));
  const before = process.memoryUsage().rss;
  assert.throws(() => readNifti(bomb, "bomb"), /holds far more than the 400 bytes/);
  assert.ok(process.memoryUsage().rss - before < 50_000_000, "memory grew by the size of the bomb");
});

test("mutated files are read or refused, never anything else", () => {
  const seeds = readdirSync(golden).map((name) => new Uint8Array(readFileSync(join(golden, name))));
  const mutation = fc.record({
    file: fc.nat(seeds.length - 1),
    cut: fc.double({ min: 0, max: 1, noNaN: true }),
    edits: fc.array(fc.tuple(fc.nat(560), fc.nat(255)), { maxLength: 8 }),
  });
  fc.assert(
    fc.property(mutation, ({ file, cut, edits }) => {
      const bytes = seeds[file].slice(0, Math.ceil(seeds[file].length * Math.min(1, 2 * cut)));
      for (const [at, value] of edits) if (at < bytes.length) bytes[at] = value;
      try {
        const { voxels, shape } = readNifti(bytes, "mutant");
        assert.equal(voxels.length, shape[0] * shape[1] * shape[2]);
        assert.ok(voxels.length <= bytes.length * 1032);
      } catch (error) {
        if (!(error instanceof WorkbenchError)) throw error;
      }
    }),
    { numRuns: 3000, seed: 7 },
  );
});
