import { WorkbenchError } from "../../../core/errors";
import type { Picture } from "../../../io/png";
import { checkMask, shownValues } from "../../set/check-mask";
import { valuesOf } from "../../set/prepared";

/**
 * Mask values above the first are background, values up to the second are cup, between them lies the rim (128 in a clean mask).
 */
export const maskThresholds = { background: 200, cup: 50 } as const;

/** What the published masks hold, and how far a value that is meant may lie from it. */
const codes = [0, 128, 255] as const;
const nearCode = 32;
/** Soft edges take a few pixels along two circles; a picture has other values everywhere. */
const mostOdd = 0.05;
/** Colours of a grey picture differ by no more, after lossy compression. */
const greyWithin = 16;
const coding = "save it in grey with 255 for the background, 128 for the rim and 0 for the cup";

/**
 * Whether a picture is a mask of an optic disc with its cup.
 * @param values of the crop `[height, width]`, 0 to 255
 * @returns what is odd about it, one line each
 * @throws WorkbenchError when it is coloured, another picture, coded otherwise, or has no disc in the middle
 */
export function checkFundusMask(
  name: string,
  image: Picture,
  mask: Picture,
  values: Float32Array,
  shape: readonly [1, number, number],
): string[] {
  const refuse = (problem: string, hint: string) => new WorkbenchError(`${name}: ${problem}`, hint);
  const labels = valuesOf(mask.data, 7);
  const found = `values ${shownValues(labels)}`;
  if (image.data.every((value, i) => value === mask.data[i]))
    throw refuse(`the mask is a copy of the image (${found})`, "fetch the mask again");
  const colour = firstColour(mask);
  if (colour) {
    const swapped = valuesOf(image.data, 4).length <= codes.length ? "; the image looks like a mask" : "";
    throw refuse(
      `the mask is coloured (for example red ${colour[0]}, green ${colour[1]}, blue ${colour[2]})${swapped}`,
      swapped ? "swap the two files" : coding,
    );
  }
  if (labels.length > 1 && values.every((value) => value < nearCode))
    throw refuse(`the mask holds numbers of classes (${found})`, coding);
  const odd = values.filter((value) => codes.every((code) => Math.abs(value - code) > nearCode)).length;
  if (odd > mostOdd * values.length) throw refuse(`the mask is a picture or coded otherwise (${found})`, coding);
  const disc = Uint8Array.from(values, (value) => (value <= maskThresholds.background ? 1 : 0));
  const notes = checkMask({ name, what: "disc", mask: disc, shape, labels });
  const cup = values.filter((value) => value <= maskThresholds.cup).length;
  if (cup === 0) return [...notes, "no cup"];
  if (cupAtMargin(values, disc, shape) > 0.5) throw refuse(`the mask has no rim around its cup (${found})`, coding);
  return notes;
}

/** The first pixel that is not grey. */
function firstColour({ data }: Picture): [number, number, number] | undefined {
  for (let i = 0; i < data.length; i += 3) {
    const [red, green, blue] = [data[i], data[i + 1], data[i + 2]];
    if (Math.max(red, green, blue) - Math.min(red, green, blue) > greyWithin) return [red, green, blue];
  }
  return undefined;
}

/** Which share of the disc's margin is cup: a rim lies between them, if not everywhere in a diseased eye. */
function cupAtMargin(values: Float32Array, disc: Uint8Array, [, height, width]: readonly [1, number, number]): number {
  let [margin, cup] = [0, 0];
  for (let i = 0; i < disc.length; i++) {
    if (disc[i] === 0) continue;
    const [row, column] = [Math.floor(i / width), i % width];
    const outside =
      (row > 0 && disc[i - width] === 0) ||
      (row < height - 1 && disc[i + width] === 0) ||
      (column > 0 && disc[i - 1] === 0) ||
      (column < width - 1 && disc[i + 1] === 0);
    if (!outside) continue;
    margin++;
    if (values[i] <= maskThresholds.cup) cup++;
  }
  return margin === 0 ? 0 : cup / margin;
}
