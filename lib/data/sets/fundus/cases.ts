import { WorkbenchError } from "../../../core/errors";
import type { Picture } from "../../../io/png";
import { readPicture } from "./picture";
import { checkFundusMask, maskThresholds } from "./check-mask";
import { valuesOf, type CaseBytes } from "../../set/prepared";
import { resizeSlices } from "../../set/resize";

/** One eye, ready to be normalised. */
export interface FundusCase {
  /** `[3, side, side]`: red, green, blue, 0 to 255. */
  readonly planes: Float32Array;
  /** `[side, side]`: 0 background, 1 rim, 2 cup. */
  readonly classes: Uint8Array;
  /** Height and width of the image file, and the values that occur in the mask. */
  readonly shape: readonly number[];
  readonly labels: readonly number[];
  /** What is odd about them, one line each. */
  readonly notes: readonly string[];
}

/**
 * Reads one eye at `side` x `side`. Where two crops lie side by side, the left one is taken: both show the same eye, and one eye
 * is one case. The image is averaged over each new pixel; a pixel is disc, or cup, where half of it is.
 * @throws WorkbenchError when the files differ in size, when a crop is not square, or when the mask is none: see `checkFundusMask`
 */
export function readFundusCase(site: string, id: string, { image, mask }: CaseBytes, side: number): FundusCase {
  const name = `${site}/${id}`;
  const [whole, wholeMask] = [readPicture(image, `${name} image`), readPicture(mask, `${name} mask`)];
  if (whole.width !== wholeMask.width || whole.height !== wholeMask.height)
    throw new WorkbenchError(
      `${name}: the image has ${whole.width} x ${whole.height} pixels, its mask ${wholeMask.width} x ${wholeMask.height}`,
      "fetch the pair again",
    );
  const crop = cropWidth(whole, name);
  const values = cropped(wholeMask, crop, 0);
  const notes = checkFundusMask(name, whole, wholeMask, values, [1, whole.height, crop]);
  const sized = (plane: Float32Array) =>
    crop === side && whole.height === side ? plane : resizeSlices(plane, [1, whole.height, crop], side, side);
  const disc = sized(values.map((value) => (value <= maskThresholds.background ? 1 : 0)));
  const cup = sized(values.map((value) => (value <= maskThresholds.cup ? 1 : 0)));
  const classes = Uint8Array.from(disc, (share, i) => (share < 0.5 ? 0 : cup[i] < 0.5 ? 1 : 2));
  if (!classes.some((value) => value > 0))
    throw new WorkbenchError(
      `${name}: nothing of the disc is left at ${side} x ${side} pixels`,
      "prepare it at a larger size, or leave the image out",
    );
  const planes = new Float32Array(3 * side * side);
  for (let channel = 0; channel < 3; channel++) planes.set(sized(cropped(whole, crop, channel)), channel * side * side);
  return { planes, classes, shape: [whole.height, whole.width], labels: valuesOf(wholeMask.data), notes };
}

/** One colour of the left part of a picture. @returns `[height, crop]`, 0 to 255 */
function cropped({ data, width, height }: Picture, crop: number, channel: number): Float32Array {
  return Float32Array.from(
    { length: crop * height },
    (_, i) => data[(Math.floor(i / crop) * width + (i % crop)) * 3 + channel],
  );
}

/** A tenth off is let pass: such a crop is stretched to a square. */
function cropWidth({ width, height }: Picture, name: string): number {
  const near = (ratio: number) => Math.abs(width / height - ratio) <= 0.1 * ratio;
  if (near(1)) return width;
  if (near(2)) return Math.floor(width / 2);
  throw new WorkbenchError(
    `${name}: ${width} x ${height} pixels are neither a square crop nor two side by side`,
    "leave the image out, or crop it",
  );
}
