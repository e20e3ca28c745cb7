import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { WorkbenchError } from "../../../../lib/core/errors";
import { findCases } from "../../../../lib/data/set/load";
import { readProstateCase } from "../../../../lib/data/sets/prostate/cases";
import { prostateSet } from "../../../../lib/data/sets/prostate/set";
import { writeNifti } from "../../../../lib/io/nifti";
import { withFolder } from "../../support/temporary";

type Shape = readonly [number, number, number];
const write = (path: string, values: readonly number[], shape: Shape) =>
  writeFileSync(
    path,
    writeNifti({ voxels: Float32Array.from(values), shape, spacing: [3, 0.5, 0.5] }, { gzip: path.endsWith("gz") }),
  );
const refuses = (run: () => unknown, message: RegExp) =>
  assert.throws(
    run,
    (error) => error instanceof WorkbenchError && message.test(error.message) && !error.message.includes("\n"),
    `${message}`,
  );

/** The only case of a site in a folder. */
const readOnly = (folder: string, wanted = "HK", side?: number) => {
  const { source, cases } = findCases(prostateSet, folder);
  const { site, id, image, mask } = cases.find((each) => each.site === wanted) ?? assert.fail(wanted);
  return readProstateCase(site, id, { image: source.read(image), mask: source.read(mask) }, side);
};

/** A folder of one site with an image and a mask of the given voxels. */
function withCase(
  image: readonly number[],
  mask: readonly number[],
  shapes: { image: Shape; mask: Shape },
  use: (folder: string) => void,
): void {
  withFolder((folder) => {
    mkdirSync(join(folder, "HK"));
    write(join(folder, "HK", "Case38.nii.gz"), image, shapes.image);
    write(join(folder, "HK", "Case38_segmentation.nii.gz"), mask, shapes.mask);
    use(folder);
  });
}

test("both folder namings, both spellings of the mask and unzipped files are found", () => {
  withFolder((folder) => {
    for (const site of ["RUNMC", "BMC", ".hidden"]) mkdirSync(join(folder, site));
    write(join(folder, "RUNMC", "Case00.nii"), [1, 2, 3, 4], [1, 2, 2]);
    write(join(folder, "RUNMC", "Case00_segmentation.nii.gz"), [0, 1, 2, 0], [1, 2, 2]);
    write(join(folder, "BMC", "Case07.nii.gz"), [1, 2, 3, 4], [1, 2, 2]);
    write(join(folder, "BMC", "Case07_Segmentation.nii.gz"), [0, 1, 1, 0], [1, 2, 2]);
    writeFileSync(join(folder, "BMC", "notes.txt"), "not a case");
    assert.deepEqual(
      findCases(prostateSet, folder)
        .cases.map(({ site, id }) => `${site} ${id}`)
        .sort(),
      ["ISBI Case00", "ISBI_1.5 Case07"],
    );
    const read = readOnly(folder, "ISBI");
    assert.deepEqual(
      [[...read.mask], [...read.image.voxels], read.image.spacing],
      [
        [0, 1, 1, 0],
        [1, 2, 3, 4],
        [3, 0.5, 0.5],
      ],
    );
  });
});

test("slices are resized to the side asked for, spacing and labels with them", () => {
  const image = [0, 2, 4, 6, 2, 4, 6, 8, 1, 1, 1, 1, 1, 1, 1, 1];
  const mask = [1, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
  const shape = [1, 4, 4] as const;
  withCase(image, mask, { image: shape, mask: shape }, (folder) => {
    const read = readOnly(folder, "HK", 2);
    assert.deepEqual(
      [read.image.shape, read.image.spacing],
      [
        [1, 2, 2],
        [3, 1, 1],
      ],
    );
    assert.deepEqual([...read.image.voxels], [2, 6, 1, 1]);
    // Three quarters, one quarter, none, one quarter of prostate.
    assert.deepEqual([...read.mask], [1, 0, 0, 0]);
  });
});

test("a bad case is one line that names it", () => {
  const read = (folder: string) => readOnly(folder);
  withCase([1, 2, 3, 4], [1, 0], { image: [1, 2, 2], mask: [1, 1, 2] }, (folder) =>
    refuses(() => read(folder), /HK\/Case38: the image has shape \[1,2,2\], its mask \[1,1,2\]/),
  );
  withCase([1, 2], [0, 0], { image: [1, 1, 2], mask: [1, 1, 2] }, (folder) =>
    refuses(() => read(folder), /HK\/Case38: the mask has no label/),
  );
  withCase([1, NaN], [0, 1], { image: [1, 1, 2], mask: [1, 1, 2] }, (folder) =>
    refuses(() => read(folder), /HK\/Case38: the image has voxels that are not numbers/),
  );
  withCase([1, 2], [0, 1], { image: [1, 1, 2], mask: [1, 1, 2] }, (folder) => {
    writeFileSync(join(folder, "HK", "Case38.nii.gz"), "not a NIfTI file");
    refuses(() => read(folder), /HK\/Case38 image: 16 bytes are too few/);
  });
});

test("a bad folder is one line that names it", () => {
  const find = (folder: string) => findCases(prostateSet, folder);
  withFolder((folder) => {
    refuses(() => find(join(folder, "nowhere")), /cannot read .*nowhere \(ENOENT\)/);
    refuses(() => find(folder), /no case of the prostate set in /);
    mkdirSync(join(folder, "HK"));
    write(join(folder, "HK", "Case38.nii.gz"), [1], [1, 1, 1]);
    refuses(() => find(folder), /HK\/Case38 has no mask beside HK\/Case38\.nii\.gz/);
    write(join(folder, "HK", "Case38.nii"), [1], [1, 1, 1]);
    refuses(() => find(folder), /HK\/Case38 has two image files/);
    mkdirSync(join(folder, "HKX"));
    write(join(folder, "HKX", "Case38.nii"), [1], [1, 1, 1]);
    refuses(() => find(folder), /HKX is no folder of a site .*; left out: Case38\.nii \(and 2 more faults\)/);
  });
  withFolder((folder) => {
    for (const site of ["ISBI", "RUNMC"]) {
      mkdirSync(join(folder, site));
      for (const file of ["Case00.nii", "Case00_segmentation.nii"]) write(join(folder, site, file), [1], [1, 1, 1]);
    }
    refuses(() => find(folder), /ISBI\/Case00 has two image files: ISBI\/Case00\.nii and RUNMC\/Case00\.nii/);
  });
});
