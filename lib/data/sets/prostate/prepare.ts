import { compact, moments, type CaseBytes, type MadeCase } from "../../set/prepared";
import { labelledSlices } from "../../set/stacking";
import { readProstateCase } from "./cases";

/**
 * Reads one case at the size of an experiment. Mean and deviation are those of the whole volume, as in `normalize` of
 * `utils/data_preprocess.py:5`, which the official script never calls.
 * @throws WorkbenchError naming the file or value that is wrong: see `readProstateCase`
 */
export function prepareProstate(site: string, id: string, bytes: CaseBytes, side: number): MadeCase {
  const { image, mask, shape, labels, notes } = readProstateCase(site, id, bytes, side);
  const slices = labelledSlices(mask, image.shape);
  const [, height, width] = image.shape;
  const pick = <Voxels extends Float32Array | Uint8Array>(from: Voxels, to: Voxels): Voxels => {
    slices.forEach((slice, place) =>
      to.set(from.subarray(slice * height * width, (slice + 1) * height * width), place * height * width),
    );
    return to;
  };
  const size = slices.length * height * width;
  return {
    site,
    id,
    height,
    width,
    planes: compact(pick(image.voxels, new Float32Array(size))),
    masks: pick(mask, new Uint8Array(size)),
    slices,
    spacing: image.spacing,
    ...moments(image.voxels, `${site}/${id}`),
    shape,
    labels,
    notes,
  };
}
