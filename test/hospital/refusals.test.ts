import assert from "node:assert/strict";
import { test } from "node:test";
import { imageKinds } from "../../lib/hospital/kinds";
import { writeNifti } from "../../lib/io/nifti";
import { encodePng } from "../../lib/io/png";
import { pattern } from "../engine/engines";

const wish = { side: 32, reading: "intended", orientations: ["RAS"] } as const;

function volume(shape: readonly [number, number, number], spacing: readonly [number, number, number] = [3, 1, 1]) {
  const voxels = pattern(shape[0] * shape[1] * shape[2]);
  return writeNifti({ voxels, shape, spacing }, { gzip: false });
}

/** A volume whose sform has other rows. */
function turned(rows: readonly (readonly number[])[]): Uint8Array {
  const bytes = volume([4, 32, 32]);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  rows.flat().forEach((value, i) => view.setFloat32(280 + 4 * i, value, true));
  return bytes;
}

const axial = [
  [1, 0, 0, 0],
  [0, 1, 0, 0],
  [0, 0, 3, 0],
];
const open = (bytes: Uint8Array, own: object = {}) => imageKinds.prostate.open(bytes, "scan", 2, { ...wish, ...own });

const refused: readonly (readonly [what: string, bytes: Uint8Array, why: RegExp])[] = [
  ["one slice", volume([1, 32, 32]), /^scan: has 1 slice, and the models see each slice with its neighbours; /],
  [
    "too few pixels",
    volume([4, 15, 15]),
    /^scan: slices of 15 x 15 pixels are too small for models that see 32 x 32; /,
  ],
  ["an oblong field", volume([4, 32, 40]), /^scan: slices of 32 x 40 pixels show a field 1.25 times as wide as high/],
  ["oblong pixels", volume([4, 32, 32], [3, 1, 0.5]), /^scan: .* show a field 0.50 times as wide as high/],
  [
    "sagittal slices",
    turned([axial[2], axial[0], axial[1]]),
    /^scan: its axes run to \w+, so that its slices are not axial; /,
  ],
  [
    "a mirrored patient",
    turned([[-1, 0, 0, 0], axial[1], axial[2]]),
    /^scan: its axes run to LAS, those of .* to RAS; /,
  ],
  ["upside down", turned([axial[0], axial[1], [0, 0, -3, 0]]), /^scan: its axes run to RAI, those of .* to RAS; /],
  [
    "no numbers",
    writeNifti({ voxels: new Float32Array(4 * 32 * 32).fill(NaN), shape: [4, 32, 32], spacing: [3, 1, 1] }),
    /not numbers \(NaN\)/,
  ],
  [
    "a constant",
    writeNifti({ voxels: new Float32Array(4 * 32 * 32).fill(3), shape: [4, 32, 32], spacing: [3, 1, 1] }),
    /every value of the image is 3/,
  ],
  [
    "a mask",
    writeNifti({ voxels: Uint8Array.from({ length: 4096 }, (_, i) => i % 3), shape: [4, 32, 32], spacing: [3, 1, 1] }),
    /holds only the values 0, 1, 2, as a mask does/,
  ],
  ["half a file", volume([4, 32, 32]).subarray(0, 3000), /^scan: truncated/],
];

for (const [what, bytes, why] of refused)
  test(`of volumes is refused in one line: ${what}`, () => {
    assert.throws(
      () => open(bytes),
      (error: Error) => error.name === "WorkbenchError" && why.test(error.message) && !error.message.includes("\n"),
    );
  });

test("what is within a tenth of a square, or of half the size, is used", () => {
  assert.deepEqual(open(volume([2, 16, 17])).shape, [2, 16, 17]);
});

test("what a file does not say, or nobody knows of the models, is noted", () => {
  assert.deepEqual(open(volume([4, 32, 32])).notes, []);
  assert.match(open(volume([4, 32, 32]), { orientations: undefined }).notes[0], /^its axes run to RAS; where those/);
  const silent = volume([4, 32, 32]);
  new DataView(silent.buffer, silent.byteOffset).setInt16(254, 0, true);
  assert.deepEqual(open(silent).notes, ["does not say where it lies; taken as it lies in the file"]);
  assert.doesNotThrow(() => open(turned([[-1, 0, 0, 0], axial[1], axial[2]]), { orientations: ["LAS", "RAS"] }));
});

test("of photographs two crops side by side, and oblong ones, are refused; grey ones are noted", () => {
  const picture = (width: number, height: number, channels: 1 | 3) => {
    const data = Uint8Array.from(pattern(width * height * channels), (value) => Math.round(127 + 127 * value));
    return encodePng({ width, height, channels, data });
  };
  const eye = (bytes: Uint8Array) => imageKinds.fundus.open(bytes, "eye", 3, wish);
  assert.throws(
    () => eye(picture(80, 40, 3)),
    /^WorkbenchError: eye: 80 x 40 pixels look like two crops side by side; /,
  );
  assert.throws(
    () => eye(picture(60, 40, 3)),
    /^WorkbenchError: eye: slices of 40 x 60 pixels show a field 1.50 times/,
  );
  assert.throws(
    () => eye(Uint8Array.from(Buffer.from("<!doctype html>"))),
    /^WorkbenchError: eye: is a web page, not a PNG/,
  );
  assert.match(eye(picture(40, 40, 1)).notes[0], /^has no colours/);
});
