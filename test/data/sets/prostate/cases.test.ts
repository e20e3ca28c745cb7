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
  const shape = [1, 3, 3] as const;
  const [image, mask] = [
    [1, 2, 3, 4, 5, 6, 7, 8, 9],
    [0, 0, 0, 0, 1, 2, 0, 0, 0],
  ];
  withFolder((folder) => {
    for (const site of ["RUNMC", "BMC", ".hidden"]) mkdirSync(join(folder, site));
    write(join(folder, "RUNMC", "Case00.nii"), image, shape);
    write(join(folder, "RUNMC", "Case00_segmentation.nii.gz"), mask, shape);
    write(join(folder, "BMC", "Case07.nii.gz"), image, shape);
    write(join(folder, "BMC", "Case07_Segmentation.nii.gz"), mask, shape);
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
      [[0, 0, 0, 0, 1, 1, 0, 0, 0], image, [3, 0.5, 0.5]],
    );
  });
});

test("slices are resized to the side asked for, spacing and labels with them", () => {
  const image = [
    ...[0, 2, 4, 6, 2, 2],
    ...[2, 4, 6, 8, 2, 2],
    ...[1, 1, 1, 1, 3, 3],
    ...[1, 1, 1, 1, 3, 3],
    ...[5, 5, 5, 5, 5, 5],
    ...[5, 5, 5, 5, 5, 5],
  ];
  const mask = [
    ...[0, 0, 0, 0, 0, 0],
    ...[0, 0, 0, 1, 0, 0],
    ...[0, 0, 1, 1, 0, 0],
    ...[0, 0, 1, 0, 1, 0],
    ...[0, 0, 0, 1, 1, 0],
    ...[0, 0, 0, 0, 0, 0],
  ];
  const shape = [1, 6, 6] as const;
  withCase(image, mask, { image: shape, mask: shape }, (folder) => {
    const read = readOnly(folder, "HK", 3);
    assert.deepEqual(
      [read.image.shape, read.image.spacing],
      [
        [1, 3, 3],
        [3, 1, 1],
      ],
    );
    assert.deepEqual([...read.image.voxels], [2, 6, 2, 1, 1, 3, 5, 5, 5]);
    // Above and below the middle, which is prostate in three quarters, a quarter; right of it a quarter, below that a quarter.
    assert.deepEqual([...read.mask], [0, 0, 0, 0, 1, 0, 0, 0, 0]);
  });
});

test("a bad case is one line that names it", () => {
  const read = (folder: string) => readOnly(folder);
  withCase([1, 2, 3, 4], [1, 0], { image: [1, 2, 2], mask: [1, 1, 2] }, (folder) =>
    refuses(() => read(folder), /HK\/Case38: the image has shape \[1,2,2\], its mask \[1,1,2\]/),
  );
  const same = { image: [1, 1, 2], mask: [1, 1, 2] } as const;
  withCase([1, 2], [0, 0], same, (folder) => refuses(() => read(folder), /HK\/Case38: the mask has no prostate/));
  withCase([1, NaN], [0, 1], same, (folder) =>
    refuses(() => read(folder), /HK\/Case38: the image has voxels that are not numbers/),
  );
  withCase([1, 2], [0, 1], same, (folder) => {
    writeFileSync(join(folder, "HK", "Case38.nii.gz"), "not a NIfTI file");
    refuses(() => read(folder), /HK\/Case38 image: is a text file, not a NIfTI volume/);
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
