import assert from "node:assert/strict";
import { test } from "node:test";
import { zipSync } from "fflate";
import { readSamples } from "../../../lib/data/sets/own/read/picture";
import { readVolume } from "../../../lib/data/sets/own/read/volume";

/** A file as numpy.save writes it (NEP 1, version 1). */
function npy(type: string, shape: readonly number[], bytes: Uint8Array): Uint8Array {
  const text = `{'descr': '${type}', 'fortran_order': False, 'shape': (${shape.join(", ")}${shape.length === 1 ? "," : ""}), }`;
  const header = `${text.padEnd(117)}\n`;
  return Buffer.concat([
    Buffer.from("\x93NUMPY\x01\x00", "latin1"),
    Buffer.from([header.length, 0]),
    Buffer.from(header),
    bytes,
  ]);
}
const bytesOf = (values: ArrayBufferView) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

test("arrays of NumPy are volumes or pictures, whatever their numbers are stored as", () => {
  const volume = readVolume(npy("<i2", [2, 1, 3], bytesOf(Int16Array.of(-1, 0, 1, 2, 300, 4))), "v.npy");
  assert.deepEqual([[...volume.voxels], volume.shape, volume.affine], [[-1, 0, 1, 2, 300, 4], [2, 1, 3], undefined]);
  assert.match(volume.notes[0], /does not say how large its voxels are/);
  // 0x3c00 is 1, 0xc000 is -2, 0x3555 is 0.333251953125 as an IEEE half.
  const halves = readVolume(npy("<f2", [1, 3], bytesOf(Uint16Array.of(0x3c00, 0xc000, 0x3555))), "h.npy");
  assert.deepEqual(
    [[...halves.voxels], halves.shape],
    [
      [1, -2, 0.333251953125],
      [1, 1, 3],
    ],
  );
  const whole = readVolume(npy("<i8", [1, 1, 2], bytesOf(BigInt64Array.of(7n, -7n))), "w.npy");
  assert.deepEqual([...whole.voxels], [7, -7]);
  const picture = readSamples(npy("|u1", [1, 2, 3], Uint8Array.of(1, 2, 3, 4, 5, 6)), "p.npy");
  assert.deepEqual(
    [picture.width, picture.height, picture.channels, [...Array.from(picture.data)]],
    [2, 1, 3, [1, 2, 3, 4, 5, 6]],
  );
});

test("arrays of other shapes are refused with the mend", () => {
  const flat = npy("|u1", [4], Uint8Array.of(1, 2, 3, 4));
  assert.throws(
    () => readVolume(flat, "v.npy"),
    /v\.npy: an array of shape \[4\] is no volume; save it as \[slices, height, width\]/,
  );
  const many = npy("|u1", [1, 1, 4], Uint8Array.of(1, 2, 3, 4));
  assert.throws(() => readSamples(many, "p.npy"), /p\.npy: an array of shape \[1,1,4\] is no picture/);
  assert.throws(
    () => readVolume(npy("|O", [1, 1, 1], Uint8Array.of(0)), "o.npy"),
    /o\.npy: dtype "\|O" is not supported/,
  );
});

test("an archive of one array is that array, one of several is refused with their names", () => {
  const [one, two] = [1, 2].map((value) => npy("|u1", [1, 1, 1], Uint8Array.of(value)));
  assert.deepEqual([...readVolume(zipSync({ "image.npy": one }), "v.npz").voxels], [1]);
  assert.throws(
    () => readVolume(zipSync({ "image.npy": one, "mask.npy": two }), "v.npz"),
    /v\.npz holds 2 arrays, such as "image", "mask", where one is wanted; save image and mask in files of their own/,
  );
  assert.throws(() => readVolume(zipSync({}), "e.npz"), /e\.npz/);
});
