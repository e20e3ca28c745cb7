import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { gunzipSync, gzipSync } from "node:zlib";
import { readNifti } from "../../lib/io/nifti";
import { writeNiftiMask } from "../../lib/io/nifti-mask";

/** An image of 3 x 4 x 2 voxels of 16 bits, turned in space, with scaling, a patient's name and an extension. */
function image(version: 1 | 2, little: boolean): Uint8Array {
  const size = version === 1 ? 348 : 540;
  const first = size + 4 + 16;
  const bytes = new Uint8Array(first + 2 * 24);
  const view = new DataView(bytes.buffer);
  const real = (place: number, value: number) =>
    version === 1 ? view.setFloat32(place, value, little) : view.setFloat64(place, value, little);
  const [wide, dim] = version === 1 ? [4, 2] : [8, 8];
  const at =
    version === 1
      ? { magic: 344, dim: 40, pixdim: 76, type: 70, slope: 112, most: 124, code: 252, quaternion: 256, sform: 280 }
      : { magic: 4, dim: 16, pixdim: 104, type: 12, slope: 176, most: 192, code: 344, quaternion: 352, sform: 400 };
  view.setInt32(0, size, little);
  bytes.set(Buffer.from(`n+${version}\0`), at.magic);
  [3, 3, 4, 2, 1, 1, 1, 1].forEach((length, i) =>
    version === 1
      ? view.setInt16(at.dim + dim * i, length, little)
      : view.setBigInt64(at.dim + dim * i, BigInt(length), little),
  );
  [-1, 0.7, 0.8, 3.3].forEach((length, i) => real(at.pixdim + wide * i, length));
  view.setInt16(at.type, 4, little);
  view.setInt16(at.type + 2, 16, little);
  if (version === 1) view.setFloat32(108, first, little);
  else view.setBigInt64(168, BigInt(first), little);
  [2.5, -7].forEach((value, i) => real(at.slope + wide * i, value));
  [900, 3].forEach((value, i) => real(at.most + wide * i, value));
  if (version === 1) bytes[123] = 10;
  else view.setInt32(500, 10, little);
  for (const place of [0, version === 1 ? 2 : 4]) {
    if (version === 1) view.setInt16(at.code + place, 1, little);
    else view.setInt32(at.code + place, 1, little);
  }
  [0.1, 0.2, 0.3, -11.5, 12.25, 13].forEach((value, i) => real(at.quaternion + wide * i, value));
  [0.68, -0.1, 0.2, -40.3, 0.1, 0.79, 0.1, 22, -0.1, 0.02, 3.29, 8.75].forEach((v, i) => real(at.sform + wide * i, v));
  bytes[size] = 1;
  view.setInt32(size + 4, 16, little);
  view.setInt32(size + 8, 6, little);
  bytes.set(Buffer.from("a name"), size + 12);
  for (let i = 0; i < 24; i++) view.setInt16(first + 2 * i, i * 31, little);
  return bytes;
}

const mask = Uint8Array.from({ length: 24 }, (_, i) => i % 3);
/** What may differ between the headers of an image and its mask: type, bits, offset, scaling, range. */
const own = {
  1: [
    [70, 74],
    [108, 120],
    [124, 132],
  ],
  2: [
    [12, 16],
    [168, 208],
  ],
} as const;

for (const version of [1, 2] as const)
  for (const little of [true, false])
    test(`a mask has the header of its image, NIfTI-${version}, ${little ? "little" : "big"} endian`, () => {
      const given = image(version, little);
      const size = version === 1 ? 348 : 540;
      for (const zipped of [false, true]) {
        const written = writeNiftiMask(zipped ? gzipSync(given) : given, mask, "x");
        const file = zipped ? gunzipSync(written) : written;
        const differ = Array.from({ length: size }, (_, i) => i).filter((i) => file[i] !== given[i]);
        const strange = differ.filter((i) => !own[version].some(([from, to]) => i >= from && i < to));
        assert.deepEqual(strange, []);
        assert.deepEqual([...file.subarray(size)], [0, 0, 0, 0, ...mask], "no extension, then the voxels");
        const [was, is] = [readNifti(given, "image"), readNifti(written, "mask")];
        assert.deepEqual([is.shape, is.spacing, is.affine], [was.shape, was.spacing, was.affine]);
        assert.deepEqual([...is.voxels], [...mask]);
      }
    });

test("a mask of another size is refused", () => {
  assert.throws(() => writeNiftiMask(image(1, true), mask.subarray(1), "x"), /23 voxels for shape \[2,4,3\]/);
});

const python = process.env.IOPFL_PYTHON ?? "python3";
const nibabel = spawnSync(python, ["-c", "import nibabel"]).status === 0;
const script = `
import sys, nibabel, numpy
image, mask = [nibabel.load(path) for path in sys.argv[1:]]
assert image.affine.tobytes() == mask.affine.tobytes() and image.shape == mask.shape
assert image.header.get_zooms() == mask.header.get_zooms() and image.header.get_xyzt_units() == mask.header.get_xyzt_units()
assert image.get_qform().tobytes() == mask.get_qform().tobytes() and image.get_sform().tobytes() == mask.get_sform().tobytes()
print(type(mask).__name__, mask.get_data_dtype(), numpy.asanyarray(mask.dataobj).ravel(order="F").tolist())
`;

test(
  "nibabel finds a mask where its image lies",
  { skip: nibabel ? false : `${python} has no nibabel (IOPFL_PYTHON names one that has)` },
  () => {
    const folder = mkdtempSync(join(tmpdir(), "iopfl-nibabel-"));
    const [from, to] = [join(folder, "image.nii"), join(folder, "mask.nii")];
    for (const version of [1, 2] as const)
      for (const little of [true, false]) {
        const given = image(version, little);
        writeFileSync(from, given);
        writeFileSync(to, writeNiftiMask(given, mask, "x"));
        const { stdout, stderr } = spawnSync(python, ["-c", script, from, to], { encoding: "utf8" });
        assert.equal(stdout, `Nifti${version}Image uint8 [${[...mask].join(", ")}]\n`, stderr);
      }
    rmSync(folder, { recursive: true });
  },
);
