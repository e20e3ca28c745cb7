import assert from "node:assert/strict";
import { encode } from "jpeg-js";
import { test } from "node:test";
import { PNG } from "pngjs";
import { imageSetOf } from "../../../lib/data/task/image-set";
import { taskSchema } from "../../../lib/data/task/task";
import { encodePng } from "../../../lib/io/png";

const setWith = (classes: readonly object[], inChannels = 3) =>
  imageSetOf(
    taskSchema.parse({
      ...{ id: "t", title: "T", sites: ["A", "B"], modality: "picture", inChannels, layout: { kind: "folders" } },
      classes,
    }),
  );
const side = 16;
const size = { width: side, height: side } as const;
const area = side * side;
/** Red grows from left to right, green from top to bottom. */
const colours = Uint8Array.from(
  { length: 3 * area },
  (_, i) => [16 * (Math.floor(i / 3) % side), 16 * Math.floor(i / 3 / side), 30][i % 3],
);
const photograph = encodePng({ ...size, channels: 3, data: colours });
const grey = (value: (pixel: number) => number) =>
  encodePng({ ...size, channels: 1, data: Uint8Array.from({ length: area }, (_, pixel) => value(pixel)) });
const half = (pixel: number) => Number(pixel >= area / 2);

test("greys of 8 bits, colours and greys of 16 bits are classes by their values", () => {
  const classes = [{ name: "background" }, { name: "polyp", values: [255] }];
  const made = setWith(classes).prepare(
    "A",
    "1",
    { image: photograph, mask: grey((pixel) => 255 * half(pixel)) },
    side,
  );
  assert.deepEqual(
    [...made.masks],
    Array.from({ length: area }, (_, pixel) => half(pixel)),
  );
  assert.deepEqual(
    [made.spacing, made.shape],
    [
      [1, 1, 1],
      [side, side],
    ],
  );

  const red = Uint8Array.from({ length: 3 * area }, (_, i) => (i % 3 === 0 ? 255 * half(Math.floor(i / 3)) : 0));
  const coloured = setWith([{ name: "background" }, { name: "polyp", values: ["#FF0000"] }]);
  assert.deepEqual(
    coloured.prepare("A", "1", { image: photograph, mask: encodePng({ ...size, channels: 3, data: red }) }, side).masks,
    made.masks,
  );

  const deep = new PNG({ ...size, bitDepth: 16 });
  const wide = new Uint16Array(4 * area).map((_, i) => (i % 4 === 3 ? 65535 : half(Math.floor(i / 4))));
  deep.data = Buffer.from(wide.buffer);
  const file = PNG.sync.write(deep, { colorType: 0, bitDepth: 16, inputColorType: 6, inputHasAlpha: true });
  const ones = setWith([{ name: "background" }, { name: "polyp" }]);
  assert.deepEqual(
    ones.prepare("A", "1", { image: photograph, mask: file }, side).masks,
    made.masks,
    "1 of 65535 is 1, not 0",
  );
});

test("a photograph keeps its colours, or becomes the brightness that one channel shows", () => {
  const bytes = { image: photograph, mask: grey(half) };
  const classes = [{ name: "background" }, { name: "polyp" }];
  const three = setWith(classes).prepare("A", "1", bytes, side);
  assert.deepEqual([three.planes[5], three.planes[area + 5 * side], three.planes[2 * area]], [80, 80, 30]);
  const one = setWith(classes, 1).prepare("A", "1", bytes, side);
  assert.ok(Math.abs(one.planes[5] - (0.299 * 80 + 0.114 * 30)) < 1e-3);
  assert.deepEqual([...setWith(classes).slices(three, "intended").stack], [0, 1, 2]);
});

test("JPEG photographs are read near their values; a JPEG mask is refused, for it blurs", () => {
  const rgba = Uint8Array.from({ length: 4 * area }, (_, i) => (i % 4 === 3 ? 255 : 120));
  const image = new Uint8Array(encode({ ...size, data: rgba }, 95).data);
  image.set(image);
  const classes = [{ name: "background" }, { name: "polyp" }];
  // A picture of one grey has no deviation: that it is refused for this shows that its values were read.
  assert.throws(
    () => setWith(classes).prepare("A", "1", { image, mask: grey(half) }, side),
    /A\/1: every value of the image is (119|120|121)/,
  );
  assert.throws(
    () => setWith(classes).prepare("A", "1", { image: photograph, mask: image }, side),
    /A\/1: the mask is a JPEG picture, which blurs its values; save the original mask as PNG/,
  );
  const cut = image.subarray(0, 40);
  assert.throws(
    () => setWith(classes).prepare("A", "1", { image: cut, mask: grey(half) }, side),
    /A\/1 image: the JPEG data cannot be read/,
  );
});

test("pictures of other sizes, and values of no class, are refused with the mend", () => {
  const set = setWith([{ name: "background" }, { name: "polyp" }]);
  const small = encodePng({ width: 8, height: 8, channels: 1, data: new Uint8Array(64) });
  assert.throws(
    () => set.prepare("A", "1", { image: photograph, mask: small }, side),
    /the image has 16 x 16 pixels, its mask 8 x 8; pair/,
  );
  assert.throws(
    () => set.prepare("A", "1", { image: photograph, mask: photograph }, side),
    /the mask holds #00001e, #10001e, .* and more, of no class/,
  );
});
