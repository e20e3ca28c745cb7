import { WorkbenchError } from "../../../core/errors";
import { readNifti } from "../../../io/nifti";
import { valuesOf, type CaseBytes } from "../../set/prepared";
import { resizeSlices } from "../../set/resize";
import { labelledSlices } from "../../set/stacking";
import type { Volume } from "../../set/types";

/** One patient's volume with the mask a radiologist (or the phantom) drew. */
export interface ProstateCase {
  readonly image: Volume;
  /** `[depth, height, width]`: 0 background, 1 prostate. */
  readonly mask: Uint8Array;
  /** Of the files: shape of the image, and the values that occur in the mask (the first 20), ascending. */
  readonly shape: readonly number[];
  readonly labels: readonly number[];
}

/**
 * Reads one case; labels above 0 become 1. With `side`, slices that are not `side` x `side` are resized: images by area, masks
 * where half of a pixel is prostate.
 * @throws WorkbenchError when mask and image differ in shape, when nothing is labelled, or when a voxel is not a number
 */
export function readProstateCase(site: string, id: string, bytes: CaseBytes, side?: number): ProstateCase {
  const image = readNifti(bytes.image, `${site}/${id} image`);
  const mask = readNifti(bytes.mask, `${site}/${id} mask`);
  if (image.shape.join() !== mask.shape.join()) {
    throw new WorkbenchError(
      `${site}/${id}: the image has shape [${image.shape}], its mask [${mask.shape}]`,
      "fetch the pair again",
    );
  }
  if (!image.voxels.every(Number.isFinite))
    throw new WorkbenchError(`${site}/${id}: the image has voxels that are not numbers`, "fetch it again");
  const binary = Float32Array.from(mask.voxels, (label) => (label > 0 ? 1 : 0));
  const resized = resizedTo(side, image, binary);
  if (labelledSlices(resized.mask, resized.image.shape).length === 0)
    throw new WorkbenchError(
      `${site}/${id}: the mask has no label above 0`,
      "leave the case out, or fetch its mask again",
    );
  return { ...resized, shape: image.shape, labels: valuesOf(mask.voxels) };
}

function resizedTo(side: number | undefined, image: Volume, mask: Float32Array): Pick<ProstateCase, "image" | "mask"> {
  const [depth, height, width] = image.shape;
  if (side === undefined || (height === side && width === side)) return { image, mask: Uint8Array.from(mask) };
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
