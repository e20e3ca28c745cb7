import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { WorkbenchError } from "../../lib/core/errors";
import { readCase } from "../../lib/data/cases";
import { readFundusCase } from "../../lib/data/fundus-cases";
import { encodePng } from "../../lib/io/png";
import { writeNifti } from "../../lib/io/nifti";
import { withFolder } from "./support/temporary";

const gland = Uint8Array.from({ length: 64 }, (_, i) => (i === 21 || i === 22 ? 1 : 0));
const scan = Float32Array.from({ length: 64 }, (_, i) => 10 * i);

test("a script reads a prostate case by the paths of its files, as the import does", () =>
  withFolder((folder) => {
    const written = (name: string, voxels: Float32Array | Uint8Array) => {
      const path = join(folder, name);
      writeFileSync(path, writeNifti({ voxels, shape: [4, 4, 4], spacing: [3, 1, 1] }, { gzip: false }));
      return path;
    };
    const paths = { site: "HK", id: "Case38", image: written("i.nii", scan), mask: written("m.nii", gland) };
    const { image, mask } = readCase(paths);
    assert.deepEqual([mask, image.voxels[21], image.spacing], [gland, 210, [3, 1, 1]]);
    for (const [path, message] of [
      [join(folder, "nowhere.nii"), /cannot read .*nowhere.nii \(ENOENT\)/],
      [folder, /is a folder; give a file/],
      ["/dev/null", /is no plain file/],
      [paths.image, /the mask is a copy of the image/],
    ] as const)
      assert.throws(
        () => readCase({ ...paths, mask: path }),
        (error) => error instanceof WorkbenchError && message.test(error.message),
      );
  }));

test("and an eye by the bytes of its pictures", () => {
  const side = 8;
  const values = Uint8Array.from({ length: 64 }, (_, i) => {
    const radius = Math.hypot((i % 8) - 3.5, Math.floor(i / 8) - 3.5);
    return radius < 1 ? 0 : radius < 2.5 ? 128 : 255;
  });
  const mask = encodePng({ width: side, height: side, channels: 1, data: values });
  const image = encodePng({
    width: side,
    height: side,
    channels: 1,
    data: values.map((value, i) => (value + i) % 256),
  });
  const { classes } = readFundusCase("Domain1", "gd1", { image, mask }, side);
  assert.deepEqual(
    classes,
    values.map((value) => (value === 0 ? 2 : value === 128 ? 1 : 0)),
  );
});
