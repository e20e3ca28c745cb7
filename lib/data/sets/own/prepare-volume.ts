import { WorkbenchError } from "../../../core/errors";
import type { ReadVolume } from "../../../io/nifti";
import { compact, valuesOf, type CaseBytes, type MadeCase } from "../../set/prepared";
import { differenceOfSpaces, oneSided, spaceMend } from "../../set/same-space";
import { labelledSlices } from "../../set/stacking";
import { classesIn, resizeClasses } from "./read/classes";
import { orient } from "./read/orient";
import { volumePlanes } from "./read/planes";
import { readVolume } from "./read/volume";
import type { CaseRules } from "./rules";

/**
 * Makes a volume ready: brought to one orientation by its affine, its mask laid voxel by voxel over it, its slices resized and
 * chosen. @throws WorkbenchError naming the case and what is wrong with it
 */
export function prepareVolume(
  { labels, own }: CaseRules,
  site: string,
  id: string,
  bytes: CaseBytes,
  side: number,
): MadeCase {
  const name = `${site}/${id}`;
  const open = (kind: "image" | "mask") => {
    const source = `${name} ${kind}`;
    const volume = readVolume(bytes[kind], source);
    return own.orientation === "as-stored" ? volume : orient(volume, own.orientation, source);
  };
  const [image, mask] = [open("image"), open("mask")];
  const notes = checkPair(name, image, mask);
  const [depth, height, width] = image.shape;
  const classes = resizeClasses(classesIn(mask.voxels, labels, name), image.shape, side, labels.length);
  const { planes: voxels, mean, deviation } = volumePlanes(own.normalisation, image, name, side);
  const all = Array.from({ length: depth }, (_, slice) => slice);
  const slices = own.slices === "all" ? all : labelledSlices(classes, [depth, side, side]);
  if (slices.length === 0)
    throw new WorkbenchError(
      `${name}: nothing but background is left of the mask at ${side} x ${side} pixels`,
      "leave the case out, prepare it at a larger size, or set slices: all",
    );
  const [through, down, across] = image.spacing;
  return {
    ...{ site, id, slices, mean, deviation, notes, height: side, width: side },
    planes: compact(picked(voxels, slices, side * side, new Float32Array(slices.length * side * side))),
    masks: picked(classes, slices, side * side, new Uint8Array(slices.length * side * side)),
    spacing: [through, (down * height) / side, (across * width) / side],
    shape: image.shape,
    labels: valuesOf(mask.voxels),
  };
}

function picked<Voxels extends Float32Array | Uint8Array>(
  from: Voxels,
  slices: readonly number[],
  area: number,
  to: Voxels,
): Voxels {
  slices.forEach((slice, place) => to.set(from.subarray(slice * area, (slice + 1) * area), place * area));
  return to;
}

/** @returns what is odd about a pair. @throws WorkbenchError when it is none */
function checkPair(name: string, image: ReadVolume, mask: ReadVolume): string[] {
  const refuse = (problem: string, hint: string) => new WorkbenchError(`${name}: ${problem}`, hint);
  if (image.shape.join() !== mask.shape.join())
    throw refuse(
      `the image has shape [${image.shape}], its mask [${mask.shape}]`,
      "pair the right files, or set orientation so that both are turned to the same sides",
    );
  const bad = image.voxels.find((value) => !Number.isFinite(value));
  if (bad !== undefined)
    throw refuse(`the image has voxels that are not numbers (${bad})`, "fetch it again, or mend them");
  const difference = differenceOfSpaces(image, mask);
  if (difference) throw refuse(`the mask lies elsewhere than the image: ${difference}`, spaceMend);
  const told = [...image.notes.map((note) => `image: ${note}`), ...mask.notes.map((note) => `mask: ${note}`)];
  return [...told, ...oneSided(image, mask)];
}
