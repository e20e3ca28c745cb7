import { WorkbenchError } from "../../../core/errors";
import type { ReadVolume } from "../../../io/nifti";
import { axisCodes, placeOf, stepsOf, type Affine } from "../../../io/nifti-space";
import { shownValues } from "../../set/check-mask";
import { valuesOf } from "../../set/prepared";

/** Zones and lesions have few numbers; an image has hundreds of values. */
const mostLabels = 16;
/** Zones are numbered from 1; one or two values may be any, such as 255. */
const mostGreys = 2;
/** What a slope or a float may leave of a whole number. */
const rounding = 1e-3;
/** How far a voxel of the mask may lie from that of the image: a share of the shortest side of a voxel. */
const sameSpace = 0.1;

/**
 * Whether an image and a mask are those, and of one space. Nothing is resampled: the arrays are paired voxel by voxel.
 * @returns what is odd about them, one line each
 * @throws WorkbenchError naming the case, the file and the difference
 */
export function checkPair(name: string, image: ReadVolume, mask: ReadVolume): string[] {
  const refuse = (problem: string, hint: string) => new WorkbenchError(`${name}: ${problem}`, hint);
  if (image.shape.join() !== mask.shape.join())
    throw refuse(`the image has shape [${image.shape}], its mask [${mask.shape}]`, "fetch the pair again");
  for (const [kind, { voxels }] of [
    ["image", image],
    ["mask", mask],
  ] as const) {
    const bad = voxels.find((value) => !Number.isFinite(value));
    if (bad !== undefined) throw refuse(`the ${kind} has voxels that are not numbers (${bad})`, "fetch it again");
  }
  if (mask.voxels.every((value, i) => value === image.voxels[i]))
    throw refuse("the mask is a copy of the image", "fetch the mask again");
  const labels = valuesOf(mask.voxels.map(Math.round), mostLabels + 1);
  const odd = mask.voxels.some((value) => Math.abs(value - Math.round(value)) > rounding || Math.round(value) < 0);
  const greys = labels.filter((value) => value > 0).length > mostGreys && labels[labels.length - 1] > mostLabels;
  if (odd || greys || labels.length > mostLabels) throw refuse(...notLabels(image, mask));
  const difference =
    image.affine && mask.affine
      ? differenceOf(image.affine, mask.affine, image.shape)
      : differenceOfSizes(image.spacing, mask.spacing);
  if (difference)
    throw refuse(
      `the mask lies elsewhere than the image: ${difference}`,
      "resample the mask onto the image (nearest neighbour), or fetch the pair again",
    );
  const silent = [image, mask].map(({ affine }) => affine === undefined);
  const notes = [...image.notes.map((note) => `image: ${note}`), ...mask.notes.map((note) => `mask: ${note}`)];
  return silent[0] !== silent[1]
    ? [...notes, `the ${silent[0] ? "image" : "mask"} does not say where it lies; paired by the order of voxels`]
    : notes;
}

/** Why the values of a mask are no labels. */
function notLabels(image: ReadVolume, mask: ReadVolume): [problem: string, hint: string] {
  const labels = valuesOf(mask.voxels, mostLabels + 1);
  const whole = (list: readonly number[]) => list.every((value) => Number.isInteger(value) && value >= 0);
  const ofImage = valuesOf(image.voxels, mostLabels + 1);
  const found = `values ${shownValues(labels)}`;
  if (labels.length > mostLabels && ofImage.length <= mostLabels && whole(ofImage))
    return [`the mask holds a picture (${found}) and the image labels (${shownValues(ofImage)})`, "swap the two files"];
  if (mask.voxels.every((value) => value >= 0 && value <= 1))
    return [
      `the mask has soft edges (${found}), which are no labels`,
      "cut it at one half and save it as whole numbers",
    ];
  return [`the mask holds ${found}, which are no labels (want whole numbers from 0)`, "fetch the mask again"];
}

/** Of two spaces of which one is not told, the sizes of voxels can still be compared. */
function differenceOfSizes(...spacings: readonly ReadVolume["spacing"][]): string | undefined {
  const [image, mask] = spacings.map((spacing) => [...spacing].reverse());
  return differ(image, mask) ? `its voxels measure ${sizes(mask)} mm, the image's ${sizes(image)} mm` : undefined;
}

const sizes = (list: readonly number[]) => list.map((value) => Number(value.toFixed(3))).join(" x ");
const differ = (a: readonly number[], b: readonly number[]) =>
  a.some((step, axis) => Math.abs(step - b[axis]) > 0.01 * step);

/** What differs between two spaces in which the same array would lie; nothing where no corner moves. */
function differenceOf(image: Affine, mask: Affine, [depth, height, width]: readonly number[]): string | undefined {
  const steps = stepsOf(image);
  const tolerance = sameSpace * Math.min(...steps);
  const corners = [0, width - 1].flatMap((i) =>
    [0, height - 1].flatMap((j) => [0, depth - 1].map((k) => [i, j, k] as const)),
  );
  const apart = (at: readonly [number, number, number]) => {
    const [a, b] = [placeOf(image, at), placeOf(mask, at)];
    return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
  };
  const farthest = Math.max(...corners.map(apart));
  if (farthest <= tolerance) return undefined;
  const ofMask = stepsOf(mask);
  if (differ(steps, ofMask)) return `its voxels measure ${sizes(ofMask)} mm, the image's ${sizes(steps)} mm`;
  const codes = [axisCodes(mask), axisCodes(image)];
  if (codes[0] !== codes[1]) return `its axes run to ${codes[0]}, the image's to ${codes[1]}`;
  const origin = apart([0, 0, 0]);
  if (origin > tolerance) return `its first voxel lies ${Number(origin.toFixed(2))} mm from the image's`;
  return `its axes are turned, by up to ${Number(farthest.toFixed(2))} mm`;
}
