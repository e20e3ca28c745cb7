import { WorkbenchError } from "../../../core/errors";
import type { ReadVolume } from "../../../io/nifti";
import { shownValues } from "../../set/check-mask";
import { valuesOf } from "../../set/prepared";
import { differenceOfSpaces, oneSided, spaceMend } from "../../set/same-space";

/** Zones and lesions have few numbers; an image has hundreds of values. */
const mostLabels = 16;
/** Zones are numbered from 1; one or two values may be any, such as 255. */
const mostGreys = 2;
/** What a slope or a float may leave of a whole number. */
const rounding = 1e-3;

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
  const difference = differenceOfSpaces(image, mask);
  if (difference) throw refuse(`the mask lies elsewhere than the image: ${difference}`, spaceMend);
  return [
    ...image.notes.map((note) => `image: ${note}`),
    ...mask.notes.map((note) => `mask: ${note}`),
    ...oneSided(image, mask),
  ];
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
