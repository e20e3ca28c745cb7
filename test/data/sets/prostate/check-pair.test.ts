import assert from "node:assert/strict";
import { test } from "node:test";
import { WorkbenchError } from "../../../../lib/core/errors";
import { readProstateCase } from "../../../../lib/data/sets/prostate/cases";
import { writeNifti } from "../../../../lib/io/nifti";

const shape = [4, 12, 12] as const;
const at = (slice: number, row: number, column: number) => (slice * 12 + row) * 12 + column;
const scanned = Float32Array.from({ length: 576 }, (_, i) => 100 + ((37 * i) % 211));
/** A gland of 2 x 4 x 4 voxels. */
const gland = Float32Array.from({ length: 576 }, (_, i) => {
  const [slice, row, column] = [Math.floor(i / 144), Math.floor(i / 12) % 12, i % 12];
  return slice > 0 && slice < 3 && row > 3 && row < 8 && column > 3 && column < 8 ? 1 : 0;
});
const file = (voxels: Float32Array, edit: (view: DataView) => void = () => undefined) => {
  const bytes = writeNifti({ voxels, shape, spacing: [3, 0.5, 0.5] }, { gzip: false });
  edit(new DataView(bytes.buffer));
  return bytes;
};
const read = (mask: Uint8Array, image = file(scanned)) => readProstateCase("HK", "Case38", { image, mask });
const refused = (message: RegExp, run: () => unknown) =>
  assert.throws(
    run,
    (error) =>
      error instanceof WorkbenchError && message.test(error.message) && error.message.startsWith("HK/Case38: "),
    `${message}`,
  );
const changed = (change: (mask: Float32Array) => void) => {
  const mask = gland.slice();
  change(mask);
  return file(mask);
};
const float = (place: number, value: number) => (view: DataView) => view.setFloat32(place, value, true);

test("a clean pair is read without a note, and so is one whose labels a slope has rounded", () => {
  assert.deepEqual(read(file(gland)).notes, []);
  const scaled = file(
    gland.map((value) => 255 * value),
    float(112, 1 / 255),
  );
  assert.deepEqual([read(scaled).notes, read(scaled).mask], [[], Uint8Array.from(gland)]);
});

test("a mask that lies elsewhere is refused, with the difference", () => {
  refused(/the mask lies elsewhere than the image: its first voxel lies 25 mm from the image's/, () =>
    read(file(gland, float(292, 25))),
  );
  refused(/its axes run to LAS, the image's to RAS/, () => read(file(gland, float(280, -0.5))));
  refused(/its voxels measure 1.5 x 0.5 x 3 mm, the image's 0.5 x 0.5 x 3 mm/, () =>
    read(file(gland, float(280, 1.5))),
  );
  const [c, s] = [Math.cos(0.3), Math.sin(0.3)];
  refused(/its axes are turned, by up to \d/, () =>
    read(
      file(gland, (view) =>
        [0.5 * c, -0.5 * s, 0, 0, 0.5 * s, 0.5 * c].forEach((value, i) => view.setFloat32(280 + 4 * i, value, true)),
      ),
    ),
  );
  refused(/its axes run to RAI/, () => read(file(gland, float(320, -3))));
});

test("rounding of an affine is no difference; a file that does not say where it lies is noted", () => {
  assert.deepEqual(read(file(gland, float(292, 0.01))).notes, []);
  const silent = file(gland, (view) => view.setInt16(254, 0, true));
  assert.match(read(silent).notes.join(), /the mask does not say where it lies/);
});

test("where a space is not told, sizes of voxels are compared; an image that contradicts itself is noted", () => {
  const silent = (voxels: Float32Array, width: number) =>
    file(voxels, (view) => {
      view.setInt16(254, 0, true);
      view.setFloat32(80, width, true);
    });
  refused(/its voxels measure 1.5 x 0.5 x 3 mm, the image's 0.5 x 0.5 x 3 mm/, () => read(silent(gland, 1.5)));
  assert.deepEqual(read(silent(gland, 0.5), silent(scanned, 0.5)).notes, []);
  const [image, mask] = [scanned, gland].map((voxels) => file(voxels, float(80, 0.6)));
  assert.match(
    read(mask, image).notes[0],
    /image: its pixdim says 0.6 x 0.5 x 3, its space 0.5 x 0.5 x 3; pixdim counts/,
  );
});

test("voxels of the mask are checked as those of the image", () => {
  for (const value of [NaN, Infinity])
    refused(/the mask has voxels that are not numbers/, () => read(changed((mask) => (mask[3] = value))));
});

test("masks that are none are refused with the values found", () => {
  refused(/the mask is a copy of the image/, () => read(file(scanned)));
  refused(/the mask holds a picture .* and the image labels \(0, 1\); swap the two files/, () =>
    read(file(scanned), file(gland)),
  );
  refused(/the mask has soft edges \(values 0, 1e-9, 0.4, 1\)/, () =>
    read(changed((mask) => mask.set([0.4, 1e-9], at(1, 3, 4)))),
  );
  refused(/the mask holds values -1, 0, 1, which are no labels/, () => read(changed((mask) => (mask[0] = -1))));
  refused(/the mask calls 94 % of the picture prostate, up to every border \(its values are 0, 1\)/, () =>
    read(file(gland.map((value) => 1 - value))),
  );
  refused(/up to every border/, () =>
    read(
      changed((mask) => {
        for (let i = 0; i < 12; i++)
          for (const place of [at(3, 0, i), at(3, 11, i), at(3, i, 0), at(3, i, 11)]) mask[place] = 1;
      }),
    ),
  );
  refused(/the mask holds values 0, 64, 128, 191, 255, which are no labels/, () =>
    read(
      changed((mask) => {
        mask.forEach((value, i) => (mask[i] = 255 * value));
        mask.set([64, 128, 191], at(1, 3, 4));
      }),
    ),
  );
  refused(/the mask calls 56 % of a slice prostate \(its values are 0, 1\)/, () =>
    read(
      changed((mask) => {
        for (let row = 1; row < 10; row++) mask.fill(1, at(1, row, 1), at(1, row, 10));
      }),
    ),
  );
  refused(/the mask has two large parts far apart, of 32 and 8 voxels \(its values are 0, 1\)/, () =>
    read(
      changed((mask) => {
        for (const slice of [1, 2]) for (const row of [0, 1]) mask.fill(1, at(slice, row, 0), at(slice, row, 2));
      }),
    ),
  );
});

test("a speck beside the gland is noted", () => {
  assert.deepEqual(read(changed((mask) => (mask[0] = 1))).notes, ["the prostate is in 2 pieces"]);
});
