import { WorkbenchError } from "../core/errors";
import { moments } from "../data/set/prepared";
import { resizeSlices } from "../data/set/resize";
import { neighbours } from "../data/set/stacking";
import { readNifti, type ReadVolume } from "../io/nifti";
import { writeNiftiMask } from "../io/nifti-mask";
import { axisCodes } from "../io/nifti-space";
import { checkSize, checkValues, type ImageKind, type ImageWish, type OpenImage } from "./image";

/** Neighbours that a network sees together: with fewer slices it would see the same one thrice. */
const leastSlices = 2;
const channels = 3;

/**
 * Volumes, slice by slice, each with its two neighbours. As in training the values of the whole volume are brought to mean 0 and
 * deviation 1 (reading `intended`) or left as they are (`published`). Training knows which slices hold something and leaves the others
 * out; here all are seen, and the last one has itself as its upper neighbour in either reading.
 */
export const volumes: ImageKind = {
  name: "volumes (.nii, .nii.gz)",
  ending: /\.nii(\.gz)?$/i,
  way: (side) =>
    `Each slice is averaged over the area of ${side} x ${side} new pixels, which is what the network sees, with its two neighbours as ` +
    "colours; the probabilities it gives are taken linearly between those pixels back to the pixels of the file, where the most probable " +
    "class counts. Nothing is resampled between slices.",
  open(bytes, name, _, wish): OpenImage {
    const volume = readNifti(bytes, name);
    const notes = [...volume.notes, ...checkVolume(name, volume, wish)];
    const { shape, spacing } = volume;
    const { side } = wish;
    const [depth, height, width] = shape;
    const same = height === side && width === side;
    const planes = same ? volume.voxels : resizeSlices(volume.voxels, shape, side, side);
    const { mean, deviation } = moments(planes, name);
    return {
      slices: {
        site: "",
        count: depth,
        height: side,
        width: side,
        channels,
        planes: wish.reading === "intended" ? planes.map((value) => (value - mean) / deviation) : planes,
        stack: Int32Array.from(neighbours(depth, "intended").flat()),
        masks: new Uint8Array(depth * side * side),
        cases: [{ id: name, first: 0, count: depth, spacing }],
      },
      shape,
      spacing,
      notes,
      encode: (mask) => writeNiftiMask(bytes, mask, name),
      decode: (file) => Uint8Array.from(readNifti(file, name).voxels),
    };
  },
};

/** @returns what is odd about it @throws WorkbenchError when models that learnt from axial slices cannot take it */
function checkVolume(
  name: string,
  { voxels, shape, spacing, affine }: ReadVolume,
  { side, orientations }: ImageWish,
): string[] {
  if (shape[0] < leastSlices)
    throw new WorkbenchError(
      `${name}: has ${shape[0]} slice, and the models see each slice with its neighbours`,
      `give a volume of at least ${leastSlices} slices`,
    );
  const codes = affine && axisCodes(affine);
  if (codes !== undefined && !/[SI]$/.test(codes))
    throw new WorkbenchError(
      `${name}: its axes run to ${codes}, so that its slices are not axial`,
      "reorient it, for example with nibabel.as_closest_canonical, and give it again",
    );
  if (codes !== undefined && orientations && !orientations.includes(codes))
    throw new WorkbenchError(
      `${name}: its axes run to ${codes}, those of the images that the models learnt from to ${orientations.join(" or ")}`,
      "reorient it, for example with nibabel.orientations, and give it again",
    );
  checkSize(name, shape, [shape[1] * spacing[1], shape[2] * spacing[2]], side);
  checkValues(name, voxels);
  if (codes === undefined) return ["does not say where it lies; taken as it lies in the file"];
  return orientations ? [] : [`its axes run to ${codes}; where those of the training images ran is not known`];
}
