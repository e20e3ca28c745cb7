import { WorkbenchError } from "../../../core/errors";
import { readNifti } from "../../../io/nifti";
import { checkMask } from "../../set/check-mask";
import { valuesOf, type CaseBytes } from "../../set/prepared";
import { resizeSlices } from "../../set/resize";
import { labelledSlices } from "../../set/stacking";
import type { Volume } from "../../set/types";
import { checkPair } from "./check-pair";

/** One patient's volume with the mask a radiologist (or the phantom) drew. */
export interface ProstateCase {
  readonly image: Volume;
  /** `[depth, height, width]`: 0 background, 1 prostate. */
  readonly mask: Uint8Array;
  /** Of the files: shape of the image, and the values that occur in the mask (the first 20), ascending. */
  readonly shape: readonly number[];
  readonly labels: readonly number[];
  /** What is odd about them, one line each. */
  readonly notes: readonly string[];
}

/**
 * Reads one case; labels above 0 become 1. With `side`, slices that are not `side` x `side` are resized: images by area, masks
 * where half of a pixel is prostate.
 * @throws WorkbenchError when mask and image differ in shape or space, when a voxel is not a number, or when the mask is none: see
 * `checkPair` and `checkMask`
 */
export function readProstateCase(site: string, id: string, bytes: CaseBytes, side?: number): ProstateCase {
  const image = readNifti(bytes.image, `${site}/${id} image`);
  const mask = readNifti(bytes.mask, `${site}/${id} mask`);
  const notes = checkPair(`${site}/${id}`, image, mask);
  const labels = valuesOf(mask.voxels);
  const binary = Float32Array.from(mask.voxels, (label) => (label >= 0.5 ? 1 : 0));
  const marked = { name: `${site}/${id}`, what: "prostate", mask: Uint8Array.from(binary), shape: image.shape, labels };
  notes.push(...checkMask(marked));
  const resized = resizedTo(side, image, binary);
  if (labelledSlices(resized.mask, resized.image.shape).length === 0)
    throw new WorkbenchError(
      `${site}/${id}: nothing of the prostate is left at ${side} x ${side} pixels`,
      "prepare it at a larger size, or leave the case out",
    );
  return { ...resized, shape: image.shape, labels, notes };
}

function resizedTo(side: number | undefined, image: Volume, mask: Float32Array): Pick<ProstateCase, "image" | "mask"> {
  const [depth, height, width] = image.shape;
  if (side === undefined || (height === side && width === side))
    return { image: volumeOf(image), mask: Uint8Array.from(mask) };
  const [through, down, across] = image.spacing;
  return {
    image: {
      voxels: resizeSlices(image.voxels, image.shape, side, side),
      shape: [depth, side, side],
      spacing: [through, (down * height) / side, (across * width) / side],
    },
    mask: Uint8Array.from(resizeSlices(mask, image.shape, side, side), (share) => (share >= 0.5 ? 1 : 0)),
  };
}

const volumeOf = ({ voxels, shape, spacing }: Volume): Volume => ({ voxels, shape, spacing });
