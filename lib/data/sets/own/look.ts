import { axisCodes } from "../../../io/nifti-space";
import { percentile } from "../../../core/percentile";
import type { CaseBytes } from "../../set/prepared";
import type { Modality } from "./formats";
import { maskValues, readSamples } from "./read/picture";
import { readVolume } from "./read/volume";

/** What the two files of a case hold, before any rule is applied to them. */
export interface CaseLook {
  /** Of the image: slices of a volume, rows, columns. */
  readonly shape: readonly number[];
  /** Millimetres between voxels in the order of the shape; none of a picture. */
  readonly spacing?: readonly number[];
  /** To which sides of the body columns, rows and slices run, where the file says. */
  readonly axes?: string;
  /** 1 grey, 3 red, green and blue. */
  readonly channels: number;
  /** The 1st and the 99th percentile of the image. */
  readonly range: readonly [low: number, high: number];
  /** How many voxels have each value of the mask; beyond `mostValues` the rest are not counted. */
  readonly values: ReadonlyMap<number, number>;
}

/** More values than this are no labels. */
const mostValues = 64;

/** @throws WorkbenchError naming the case when a file cannot be read */
export function lookAtCase(modality: Modality, { image, mask }: CaseBytes, name: string): CaseLook {
  if (modality === "picture") {
    const picture = readSamples(image, `${name} image`);
    const { height, width, channels, data } = picture;
    const values = counted(maskValues(readSamples(mask, `${name} mask`)));
    return { shape: [height, width], channels, range: rangeOf(data), values };
  }
  const { shape, spacing, affine, voxels } = readVolume(image, `${name} image`);
  const values = counted(readVolume(mask, `${name} mask`).voxels);
  return { shape, spacing, channels: 1, range: rangeOf(voxels), values, ...(affine && { axes: axisCodes(affine) }) };
}

const rangeOf = (values: ArrayLike<number>): [number, number] => [percentile(values, 0.01), percentile(values, 0.99)];

function counted(mask: ArrayLike<number>): Map<number, number> {
  const counts = new Map<number, number>();
  for (let i = 0; i < mask.length; i++) {
    const before = counts.get(mask[i]);
    if (before !== undefined || counts.size < mostValues) counts.set(mask[i], (before ?? 0) + 1);
  }
  return new Map([...counts].sort(([a], [b]) => a - b));
}
