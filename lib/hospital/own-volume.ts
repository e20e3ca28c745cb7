import { WorkbenchError } from "../core/errors";
import { ownSlices } from "../data/sets/own/slices";
import { orient, turnedBack } from "../data/sets/own/read/orient";
import { volumePlanes } from "../data/sets/own/read/planes";
import { readVolume } from "../data/sets/own/read/volume";
import type { CaseRules } from "../data/sets/own/rules";
import { readNifti } from "../io/nifti";
import { writeNiftiMask } from "../io/nifti-mask";
import { axisCodes, type Affine } from "../io/nifti-space";
import { checkValues, checkVoxels, type ImageKind, type OpenImage } from "./image";
import { maskCodes } from "./own-codes";

/** Volumes of a task of one's own, read, turned and normalised by its rules; all slices are seen. */
export function ownVolumes(rules: CaseRules): ImageKind {
  const { own, labels } = rules;
  const turns = own.orientation !== "as-stored";
  const { greys, text } = maskCodes(labels, false);
  return {
    name: "volumes (.nii, .nii.gz, .hdr with .img)",
    ending: /\.(nii(\.gz)?|hdr)$/i,
    labels,
    way: (side) =>
      `${turns ? `Each volume is turned by its affine to ${own.orientation}, and its mask back. ` : ""}Each slice is averaged over the area of ` +
      `${side} x ${side} new pixels, which is what the network sees, with its neighbours; the probabilities it gives are taken linearly ` +
      `between those pixels back to the pixels of the file, where the most probable class counts. Values of masks: ${text}.`,
    open(bytes, name, _, { side, orientations }): OpenImage {
      const stored = readVolume(bytes, name);
      const image = turns ? orient(stored, own.orientation, name) : stored;
      const { shape, spacing, notes } = image;
      checkVoxels(name, shape);
      checkValues(name, image.voxels);
      const { planes, mean, deviation } = volumePlanes(own.normalisation, image, name, side);
      const [depth, height, width] = shape;
      const prepared = {
        ...{ site: "", id: name, height: side, width: side, planes, mean, deviation, shape, notes, labels: [] },
        masks: new Uint8Array(depth * side * side),
        slices: Array.from({ length: depth }, (_, slice) => slice),
        spacing: [spacing[0], (spacing[1] * height) / side, (spacing[2] * width) / side] as const,
      };
      const coded = (mask: Uint8Array) => mask.map((label) => greys[label]);
      const classes = ({ voxels }: { readonly voxels: Float32Array }) =>
        Uint8Array.from(voxels, (value) => Math.max(0, greys.indexOf(value)));
      return {
        slices: ownSlices(rules, prepared, "intended"),
        ...{ shape, spacing },
        notes: turns ? notes : [...notes, ...checkAxes(name, stored.affine, orientations)],
        encode: (mask) =>
          writeNiftiMask(bytes, coded(turns ? turnedBack(mask, stored, own.orientation, name) : mask), name),
        decode(file) {
          const mask = readNifti(file, name);
          return classes(turns ? orient(mask, own.orientation, name) : mask);
        },
      };
    },
  };
}

/** @returns what is odd about how an image lies that is taken as it is stored @throws WorkbenchError when no image of training lay so */
function checkAxes(name: string, affine: Affine | undefined, orientations: readonly string[] | undefined): string[] {
  const codes = affine && axisCodes(affine);
  if (codes === undefined) return ["does not say where it lies; taken as it lies in the file"];
  if (!orientations || orientations.includes(codes)) return [];
  throw new WorkbenchError(
    `${name}: its axes run to ${codes}, those of the images that the models learnt from to ${orientations.join(" or ")}`,
    "reorient it, for example with nibabel.orientations, and give it again; or set orientation in the task, and train anew",
  );
}
