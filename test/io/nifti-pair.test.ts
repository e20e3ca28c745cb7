import assert from "node:assert/strict";
import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { openSource } from "../../lib/data/set/source";
import { draftTask } from "../../lib/data/draft/draft";
import { unreadFormats } from "../../lib/data/sets/own/formats";
import { readNifti } from "../../lib/io/nifti";
import { joinNiftiPair } from "../../lib/io/nifti-pair";
import { withFolder } from "../data/support/temporary";
import { put } from "../data/own/made-set";

/** What nibabel wrote (pictures/make.py). */
const folder = join(__dirname, "pairs");
const bytes = (name: string) => new Uint8Array(readFileSync(join(folder, name)));

test("a pair of NIfTI-1 in either byte order, or of NIfTI-2, is read as nibabel wrote it", () => {
  const source = openSource(folder);
  assert.deepEqual(source.names, ["analyze.hdr", "big.hdr", "little.hdr", "second.hdr"]);
  for (const name of ["little.hdr", "big.hdr", "second.hdr"]) {
    const { voxels, shape, spacing, affine } = readNifti(source.read(name), name);
    assert.deepEqual([shape, spacing], [[5, 4, 3], [2, 3, 1.5]], name); // prettier-ignore
    const want = Array.from({ length: 60 }, (_, at) => {
      const [i, j, k] = [at % 3, Math.floor(at / 3) % 4, Math.floor(at / 12)];
      return 7 * (20 * i + 5 * j + k) - 100;
    });
    assert.deepEqual([...voxels], want, name);
    assert.deepEqual(affine, [[-1.5, 0, 0, 10], [0, 0, 2, -20], [0, 3, 0, 30]], name); // prettier-ignore
  }
});

test("voxels that begin behind other bytes are found, and those that are missing are missed", () => {
  const header = bytes("little.hdr").slice();
  new DataView(header.buffer).setFloat32(108, 16, true);
  const voxels = new Uint8Array(16 + 120);
  voxels.set(bytes("little.img"), 16);
  const read = (of: Uint8Array) => readNifti(joinNiftiPair(header, of) as Uint8Array, "p.hdr");
  assert.deepEqual(read(voxels).voxels, readNifti(openSource(folder).read("little.hdr"), "l").voxels);
  assert.throws(() => read(voxels.subarray(0, 100)), /p\.hdr: truncated: .* needs 488 bytes, there are 452/);
});

test("ANALYZE, headers alone and packed pairs are refused with the mend", () => {
  const { read } = openSource(folder);
  assert.throws(
    () => readNifti(read("analyze.hdr"), "a.hdr"),
    /a\.hdr: is an ANALYZE 7\.5 header .* which does not say where right and left are; save both as one \.nii\.gz/,
  );
  withFolder((alone) => {
    cpSync(join(folder, "little.hdr"), join(alone, "little.hdr"));
    const source = openSource(alone);
    assert.throws(
      () => readNifti(source.read("little.hdr"), "l.hdr"),
      /without its voxels; put the \.img file beside it/,
    );
  });
  assert.deepEqual(unreadFormats(["a.img", "b.hdr.gz", "b.img.gz", "c.hdr"]), [
    "2 files are packed pairs of .hdr and .img (b.hdr.gz), which is not read; unpack them (gunzip), or save them as .nii.gz",
    "1 files are voxels without their header (.hdr) (a.img), which is not read; put the header beside them, or save both as .nii.gz",
  ]);
});

test("a folder of pairs is drafted like one of single files", () => {
  withFolder((place) => {
    for (const site of ["North", "South"])
      for (let n = 0; n < 3; n++)
        for (const kind of ["images", "masks"])
          for (const ending of ["hdr", "img"]) put(place, `${site}/${kind}/c${n}.${ending}`, bytes(`little.${ending}`));
    const { cases, modality, layout } = draftTask(openSource(place));
    assert.deepEqual([cases, modality, layout.kind], [{ North: 3, South: 3 }, "volume", "folders"]);
  });
});
