import fc from "fast-check";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { WorkbenchError } from "../../lib/core/errors";
import { decodeBmp } from "../../lib/io/bmp";
import { decodeDeepPng } from "../../lib/io/png";
import { decodeTiff } from "../../lib/io/tiff";

// Files that Pillow and tifffile wrote (pictures/make.py), whose values follow from the formulas there.
const [height, width] = [23, 37];
const file = (name: string) => new Uint8Array(readFileSync(join(__dirname, "pictures", name)));
const decoders = { tif: decodeTiff, bmp: decodeBmp, png: decodeDeepPng };
const decode = (name: string) => decoders[name.slice(-3) as keyof typeof decoders](file(name), name);

type Value = (x: number, y: number, channel: number) => number;
const grey8: Value = (x, y) => (7 * x + 13 * y) % 256;
const grey16: Value = (x, y) => (701 * x + 1301 * y) % 65536;
const rgb8: Value = (x, y, channel) => [(11 * x) % 256, (17 * y) % 256, (5 * (x + y)) % 256][channel];
const label = (x: number, y: number) => (Math.floor(x / 8) + Math.floor(y / 8)) % 4;
const palette = [
  [0, 0, 0],
  [255, 0, 0],
  [0, 128, 255],
  [9, 9, 9],
];
const colour: Value = (x, y, channel) => palette[label(x, y)][channel];
const bit: Value = (x, y) => label(x, y) % 2;

const written: Readonly<Record<string, readonly [channels: 1 | 3, value: Value]>> = {
  "grey8-lzw-differences.tif": [1, grey8],
  "grey16-big-deflate-differences.tif": [1, grey16],
  "rgb8-packbits.tif": [3, rgb8],
  "rgb8-tiles-deflate-differences.tif": [3, rgb8],
  "rgb8-planes.tif": [3, rgb8],
  "rgba8-lzw.tif": [3, rgb8],
  "float32-deflate.tif": [1, (x, y, channel) => grey16(x, y, channel) / 8 - 1000],
  "int16.tif": [1, (x, y, channel) => grey16(x, y, channel) - 32768],
  "white-is-zero.tif": [1, grey8],
  "palette8.tif": [3, colour],
  "bits.tif": [1, bit],
  "palette8.bmp": [3, colour],
  "rgb24.bmp": [3, rgb8],
  "rgba32.bmp": [3, rgb8],
  "grey8.bmp": [1, grey8],
  "bits.bmp": [1, (x, y, channel) => 255 * bit(x, y, channel)],
  "palette.png": [3, colour],
  "grey16.png": [1, grey16],
  "grey-alpha.png": [1, grey8],
};

test("pictures are read as the libraries that wrote them meant them", () => {
  for (const [name, [channels, value]] of Object.entries(written)) {
    const read = decode(name);
    assert.deepEqual([read.width, read.height, read.channels], [width, height, channels], name);
    const want = Array.from({ length: width * height * channels }, (_, i) => {
      const pixel = Math.floor(i / channels);
      return value(pixel % width, Math.floor(pixel / width), i % channels);
    });
    assert.deepEqual(Array.from(read.data), want, name);
  }
});

test("LZW with codes of every width, and tables that are begun anew", () => {
  const { data } = decode("noise-lzw.tif");
  const want = Array.from({ length: 6400 }, (_, i) => {
    const [m, n] = [i % 80, Math.floor(i / 80)];
    return (31 * m * m + 17 * n * n + 7 * n * m) % 251;
  });
  assert.deepEqual(Array.from(data), want);
});

/** By the definition of the format: 3 x 2 pixels of 4 bits, rows of 4 bytes, a gap before the pixels. */
function bmp4(change: (view: DataView) => void = () => undefined): Uint8Array {
  const bytes = new Uint8Array(54 + 12 + 2 + 8);
  const view = new DataView(bytes.buffer);
  bytes.set([0x42, 0x4d]);
  for (const [at, value] of [[10, 68], [14, 40], [18, 3], [22, 2], [46, 3]]) view.setUint32(at, value, true); // prettier-ignore
  view.setUint16(28, 4, true);
  bytes.set([1, 1, 1, 0, 200, 200, 200, 0, 3, 3, 3, 0], 54);
  bytes.set([0x01, 0x20, 0, 0, 0x21, 0x00, 0, 0], 68);
  change(view);
  return bytes;
}

test("a BMP of 4 bits lies from its last row up, or from its first down", () => {
  assert.deepEqual([...Array.from(decodeBmp(bmp4(), "b").data)], [3, 200, 1, 1, 200, 3]);
  assert.deepEqual(
    Array.from(
      decodeBmp(
        bmp4((view) => view.setInt32(22, -2, true)),
        "b",
      ).data,
    ),
    [1, 200, 3, 3, 200, 1],
  );
});

test("what is not read is told with its mend", () => {
  const refuses = (read: () => unknown, fault: RegExp) => assert.throws(read, fault);
  refuses(
    () => decode("pages.tif"),
    /pages\.tif: holds several pages; save each as a picture, or a volume as \.nii\.gz/,
  );
  refuses(() => decode("grey8-jpeg.tif"), /is compressed by method 7 \(JPEG\); save it as PNG/);
  refuses(() => decode("bits-fax.tif"), /is compressed by method 4 \(CCITT\); save it as PNG/);
  refuses(() => decode("big.tif"), /is a BigTIFF file; save it as a plain TIFF, or as PNG/);
  refuses(() => decodeTiff(file("bits.bmp"), "x.tif"), /x\.tif: is a BMP picture, not a TIFF picture; save it as PNG/);
  const bmp = (change: (view: DataView) => void) => () => decodeBmp(bmp4(change), "b");
  refuses(
    bmp((view) => view.setUint32(30, 2, true)),
    /b: is compressed by method 2 \(RLE4\); save it as PNG/,
  );
  refuses(
    bmp((view) => view.setUint16(28, 16, true)),
    /b: has 16 bits a pixel, want 1, 4, 8, 24 or 32; save/,
  );
  refuses(
    bmp((view) => view.setUint32(14, 12, true)),
    /b: has a header of 12 bytes, want 40 to 124/,
  );
  refuses(
    bmp((view) => view.setUint8(68, 0xf0)),
    /a pixel has a colour that its palette does not hold/,
  );
});

test("sizes are checked before anything is allocated", () => {
  const huge = bmp4((view) => {
    view.setInt32(18, 2 ** 31 - 1, true);
    view.setInt32(22, -(2 ** 31), true);
  });
  assert.throws(() => decodeBmp(huge, "b"), /b: has 2147483647 x 2147483648 pixels; use images of at most/);
  const wide = bmp4((view) => view.setInt32(18, 1_000_000, true));
  assert.throws(() => decodeBmp(wide, "b"), /need 1000000 bytes from 68 on, of 76/);
  // Of a file of Pillow the width and the height are the first two entries, and a strip may be said to be anywhere.
  const tiff = file("grey8-lzw-differences.tif");
  const view = new DataView(tiff.buffer);
  const entry = (tag: number) => {
    const start = view.getUint32(4, true) + 2;
    for (let at = start; ; at += 12) if (view.getUint16(at, true) === tag) return at + 8;
  };
  const spoilt = (tag: number, value: number) => {
    const [at, before] = [entry(tag), view.getUint32(entry(tag), true)];
    view.setUint32(at, value, true);
    const copy = tiff.slice();
    view.setUint32(at, before, true);
    return () => decodeTiff(copy, "t");
  };
  assert.throws(spoilt(256, 65535), /t: promises \d+ bytes of pixels out of \d+; fetch it again/);
  assert.throws(spoilt(278, 1), /t: has 5 offsets and 5 sizes of 23 strips/);
  assert.throws(spoilt(273, 2 ** 31), /t: tag 273 \(stripOffsets\) leads out of the file/);
  assert.throws(spoilt(279, 2 ** 31), /t: tag 279 \(stripCounts\) leads out of the file/);
});

test("damaged TIFF and BMP pictures are read, or refused in a line with its mend", () => {
  const names = Object.keys(written).filter((name) => !name.endsWith("png"));
  const spots = fc.array(fc.tuple(fc.nat(4000), fc.nat(255)), { maxLength: 6 });
  fc.assert(
    fc.property(
      fc.constantFrom(...names),
      spots,
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.boolean(),
      (name, at, keep, cut) => {
        const bytes = file(name).slice();
        for (const [place, value] of at) bytes[place % bytes.length] = value;
        const given = cut ? bytes.subarray(0, Math.floor(keep * bytes.length)) : bytes;
        try {
          decoders[name.slice(-3) as keyof typeof decoders](given, name);
        } catch (error) {
          assert.ok(error instanceof WorkbenchError, String(error));
          assert.ok(error.hint.length > 0);
        }
      },
    ),
    { numRuns: 3000, seed: 17 },
  );
});
