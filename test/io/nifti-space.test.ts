import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { readNifti, writeNifti } from "../../lib/io/nifti";
import { axisCodes, placeOf } from "../../lib/io/nifti-space";

const shape = [2, 3, 4] as const;
const plain = () =>
  writeNifti({ voxels: Int16Array.from({ length: 24 }, (_, i) => i), shape, spacing: [3, 0.5, 0.25] }, { gzip: false });
const edited = (edit: (view: DataView) => void): Uint8Array => {
  const file = plain();
  edit(new DataView(file.buffer));
  return file;
};
const floats = (view: DataView, at: number, values: readonly number[]) =>
  values.forEach((value, i) => view.setFloat32(at + 4 * i, value, true));
const near = (values: readonly number[], wanted: readonly number[]) =>
  values.forEach((value, i) => assert.ok(Math.abs(value - wanted[i]) < 1e-5, `${values}, want ${wanted}`));

const affine = (bytes: Uint8Array) => readNifti(bytes, "file").affine ?? assert.fail("no affine");

test("the sform says where voxels lie; without it the quaternion; without both nothing does", () => {
  const sform = affine(edited((view) => floats(view, 280, [-0.25, 0, 0, 10, 0, 0.5, 0, -20, 0, 0, 3, 30])));
  near(placeOf(sform, [3, 2, 1]), [9.25, -19, 33]);
  assert.equal(axisCodes(sform), "LAS");
  // A quarter turn about z, b = c = 0, d = sin 45 degrees: x becomes y, y becomes -x; pixdim[0] = -1 turns the third axis.
  const qform = affine(
    edited((view) => {
      view.setInt16(252, 1, true);
      view.setInt16(254, 0, true);
      view.setFloat32(76, -1, true);
      floats(view, 256, [0, 0, Math.SQRT1_2, 7, 8, 9]);
    }),
  );
  near(placeOf(qform, [1, 0, 0]), [7, 8.25, 9]);
  near(placeOf(qform, [0, 1, 0]), [6.5, 8, 9]);
  near(placeOf(qform, [0, 0, 1]), [7, 8, 6]);
  const none = edited((view) => view.setInt16(254, 0, true));
  assert.equal(readNifti(none, "none").affine, undefined);
  const flat = readNifti(
    edited((view) => floats(view, 280, [1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 1, 0])),
    "flat",
  );
  assert.deepEqual([flat.affine, flat.notes.length], [undefined, 1]);
});

test("lengths that pixdim does not say are those of the sform, as nibabel has them; a sign does not count", () => {
  const read = (edit: (view: DataView) => void) => readNifti(edited(edit), "pixdim");
  assert.deepEqual(read((view) => view.setFloat32(88, 0, true)).spacing, [3, 0.5, 0.25]);
  assert.deepEqual(read((view) => view.setFloat32(84, NaN, true)).spacing, [3, 0.5, 0.25]);
  assert.deepEqual(read((view) => view.setFloat32(80, -0.25, true)).spacing, [3, 0.5, 0.25]);
});

test("units are converted, and those that make no sense are noted and not believed", () => {
  const read = (units: number, scale: number) =>
    readNifti(
      edited((view) => {
        view.setUint8(123, units);
        floats(view, 80, [0.25 * scale, 0.5 * scale, 3 * scale]);
      }),
      "units",
    );
  near(read(3, 1000).spacing, [3, 0.5, 0.25]);
  near(read(1, 0.001).spacing, [3, 0.5, 0.25]);
  const metres = read(1, 1);
  assert.deepEqual(metres.spacing, [3, 0.5, 0.25]);
  assert.match(
    metres.notes[0],
    /xyzt_units says metres, which makes voxels of 3000 x 500 x 250 mm; read as millimetres/,
  );
  assert.match(read(3, 1).notes[0], /xyzt_units says micrometres/);
  assert.match(read(5, 1).notes[0], /xyzt_units 5 is no unit of length/);
  assert.match(read(2, 1000).notes.join("; "), /voxels of 3000 x 500 x 250 mm, which no scanner has/);
  assert.deepEqual(read(2, 1).notes, []);
});

test("every way of gzip is read: long extra fields, names, members one behind the other, padding behind the volume", () => {
  const whole = plain();
  const packed = gzipSync(whole);
  const extra = Buffer.alloc(60_002);
  extra.writeUInt16LE(60_000);
  const name = Buffer.from(`${"n".repeat(20_000)}\0`);
  const head = Buffer.from(packed.subarray(0, 10));
  head[3] = 4 | 8;
  const ways = {
    extra: Buffer.concat([head, extra, name, packed.subarray(10)]),
    members: Buffer.concat([gzipSync(whole.subarray(0, 100)), gzipSync(whole.subarray(100))]),
    padded: gzipSync(Buffer.concat([whole, Buffer.alloc(500)])),
  };
  for (const [way, bytes] of Object.entries(ways))
    assert.deepEqual(
      [...readNifti(bytes, way).voxels],
      Array.from({ length: 24 }, (_, i) => i),
      way,
    );
  const flipped = Buffer.from(packed);
  flipped[flipped.length - 8] ^= 1;
  assert.throws(() => readNifti(flipped, "crc"), /crc: the gzip stream is damaged \(incorrect data check\)/);
});

test("a header whose size alone is damaged is read by its magic, in both byte orders", () => {
  assert.deepEqual(
    readNifti(
      edited((view) => view.setInt32(0, 0, true)),
      "size",
    ).shape,
    shape,
  );
});

test("what is no volume is refused by what it is", () => {
  const text = (content: string) => Buffer.from(content);
  const dicom = Buffer.concat([Buffer.alloc(128), text("DICM"), Buffer.alloc(400)]);
  const analyze = Buffer.alloc(348);
  analyze.writeInt32LE(348);
  const kinds: [RegExp, Uint8Array][] = [
    [
      /is a Git LFS pointer, not a NIfTI volume; run `git lfs pull`/,
      text("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 5\n"),
    ],
    [
      /is a web page, not a NIfTI volume; .*fetch it again in a browser/,
      text(`\ufeff\n<!-- x --><!DOCTYPE html><html>${" ".repeat(400)}`),
    ],
    [/is a DICOM file, .*dcm2niix/, dicom],
    [/is a zip archive/, Buffer.concat([text("PK\x03\x04"), Buffer.alloc(400)])],
    [/is a gzip file/, gzipSync(gzipSync(plain()))],
    [/is an ANALYZE 7\.5 header/, analyze],
    [/is a file of zeros/, Buffer.alloc(1000)],
    [/is a JSON text/, text('{"error": "quota"}')],
    [/is a text file/, text("not a volume")],
    [/7 bytes are too few/, Buffer.from([1, 2, 3, 200, 5, 6, 7])],
  ];
  for (const [message, bytes] of kinds) assert.throws(() => readNifti(bytes, "case"), message, `${message}`);
});
