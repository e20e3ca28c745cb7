import assert from "node:assert/strict";
import { test } from "node:test";
import { PNG } from "pngjs";
import { WorkbenchError } from "../../../../lib/core/errors";
import { readFundusCase } from "../../../../lib/data/sets/fundus/cases";
import { encodePng } from "../../../../lib/io/png";

const side = 24;
/** 0 outside, 1 rim, 2 cup, in circles around the middle. */
const places = Array.from({ length: side * side }, (_, i) => {
  const radius = Math.hypot((i % side) - 11.5, Math.floor(i / side) - 11.5);
  return radius < 4 ? 2 : radius < 7 ? 1 : 0;
});
const photograph = encodePng({
  width: side,
  height: side,
  channels: 3,
  data: Uint8Array.from({ length: 3 * side * side }, (_, i) => 60 + ((53 * i) % 150)),
});
/** A mask that codes background, rim and cup so. */
const coded = (background: number, rim: number, cup: number) =>
  encodePng({
    width: side,
    height: side,
    channels: 1,
    data: Uint8Array.from(places, (place) => [background, rim, cup][place]),
  });
const read = (mask: Uint8Array, image = photograph) => readFundusCase("Domain1", "gd1", { image, mask }, side);
const refused = (message: RegExp, mask: Uint8Array, image = photograph) =>
  assert.throws(
    () => read(mask, image),
    (error) =>
      error instanceof WorkbenchError && message.test(error.message) && error.message.startsWith("Domain1/gd1: "),
    `${message}`,
  );

test("the published coding is read; an eye without a cup is noted", () => {
  const { classes, notes } = read(coded(255, 128, 0));
  assert.deepEqual([[...classes], notes], [places, []]);
  assert.deepEqual(read(coded(255, 128, 128)).notes, ["no cup"]);
});

test("every other coding is refused with the values found", () => {
  refused(/the mask holds numbers of classes \(values 0, 1, 2\); save it in grey with 255/, coded(0, 1, 2));
  refused(/calls \d+ % of the picture disc, up to every border \(its values are 0, 128, 255\)/, coded(0, 128, 255));
  refused(/calls 100 % of the picture disc/, coded(0, 0, 0));
  refused(/calls 100 % of the picture disc/, coded(128, 128, 128));
  refused(/has no disc \(its values are 255\)/, coded(255, 255, 255));
  refused(/the mask has no rim around its cup \(values 0, 255\)/, coded(255, 0, 0));
  refused(/the mask has no rim around its cup \(values 0, 128, 255\)/, coded(255, 0, 128));
  refused(/the mask is a picture or coded otherwise \(values 64, 192, 255\)/, coded(255, 192, 64));
});

test("pictures in the place of masks are refused", () => {
  refused(/the mask is a copy of the image/, photograph);
  refused(/the mask is coloured .*; the image looks like a mask; swap the two files/, photograph, coded(255, 128, 0));
  const palette = new PNG({ width: side, height: side });
  const colours = [
    [0, 0, 0],
    [128, 0, 0],
    [0, 128, 0],
  ];
  places.forEach((place, i) => palette.data.set([...colours[place], 255], 4 * i));
  refused(/the mask is coloured \(for example red 128, green 0, blue 0\)/, PNG.sync.write(palette));
});
