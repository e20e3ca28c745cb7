import type { ReadVolume } from "../../io/nifti";
import { axisCodes, placeOf, stepsOf, type Affine } from "../../io/nifti-space";

/** How far a voxel of the mask may lie from that of the image: a share of the shortest side of a voxel. */
const sameSpace = 0.1;

type Space = Pick<ReadVolume, "affine" | "spacing" | "shape">;

/**
 * Whether a mask lies where its image lies: the arrays are paired voxel by voxel, nothing is resampled.
 * @returns what differs, in a few words; nothing where no corner moves. Of two spaces of which one is not told the sizes of voxels
 * are compared.
 */
export function differenceOfSpaces(image: Space, mask: Space): string | undefined {
  return image.affine && mask.affine
    ? differenceOf(image.affine, mask.affine, image.shape)
    : differenceOfSizes(image.spacing, mask.spacing);
}

/** The mend of such a difference. */
export const spaceMend = "resample the mask onto the image (nearest neighbour), or fetch the pair again";

/** @returns a line where one of two files says where it lies, and the other does not */
export function oneSided(image: Space, mask: Space): string[] {
  const [ofImage, ofMask] = [image, mask].map(({ affine }) => affine === undefined);
  return ofImage === ofMask
    ? []
    : [`the ${ofImage ? "image" : "mask"} does not say where it lies; paired by the order of voxels`];
}

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
