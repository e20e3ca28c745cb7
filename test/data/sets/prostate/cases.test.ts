import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { WorkbenchError } from "../../../../lib/core/errors";
import { findCases, readCase } from "../../../../lib/data/sets/prostate/cases";
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
    const found = findCases(folder);
    assert.deepEqual(found.map(({ site, cases }) => [site.name, cases.map(({ id }) => id)]).sort(), [
      ["ISBI", ["Case00"]],
      ["ISBI_1.5", ["Case07"]],
    ]);
    const read = readCase(found[found.findIndex(({ site }) => site.name === "ISBI")].cases[0]);
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
    const read = readCase(findCases(folder)[0].cases[0], 2);
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
  const read = (folder: string) => readCase(findCases(folder)[0].cases[0]);
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
  withFolder((folder) => {
    refuses(() => findCases(join(folder, "nowhere")), /cannot read the folder .*nowhere \(ENOENT\)/);
    refuses(() => findCases(folder), /no sites in /);
    mkdirSync(join(folder, "HK"));
    write(join(folder, "HK", "Case38.nii.gz"), [1], [1, 1, 1]);
    refuses(() => findCases(folder), /HK Case38 has no mask beside Case38\.nii\.gz/);
    write(join(folder, "HK", "Case38.nii"), [1], [1, 1, 1]);
    refuses(() => findCases(folder), /HK Case38 has two image files/);
    mkdirSync(join(folder, "HKX"));
    refuses(() => findCases(folder), /unknown site "HKX"/);
  });
  withFolder((folder) => {
    for (const site of ["ISBI", "RUNMC"]) mkdirSync(join(folder, site));
    refuses(() => findCases(folder), /ISBI under two names/);
  });
});
