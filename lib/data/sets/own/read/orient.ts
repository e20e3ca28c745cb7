import { WorkbenchError } from "../../../../core/errors";
import type { ReadVolume } from "../../../../io/nifti";
import { axisCodes, type Affine } from "../../../../io/nifti-space";
import { gatherWindow, type Window } from "../../../../io/strides";

/** The two ends of each axis of the body. */
const ends = ["LR", "PA", "IS"] as const;
const bodyAxis = (side: string) => ends.findIndex((pair) => pair.includes(side));

/** How the axes of a file (x, y, z) are exchanged and reversed. */
interface Turn {
  /** Along the axes before. */
  readonly lengths: readonly number[];
  /** Of every axis behind which it was before, and whether it runs the other way. */
  readonly from: readonly number[];
  readonly turned: readonly boolean[];
}

/**
 * Turns a volume by its affine so that columns, rows and slices run to the sides that are named. Axes are exchanged and reversed;
 * no value is made anew.
 * @param sides as `axisCodes` calls them: `LPS` @param source the file's name, for errors
 * @throws WorkbenchError when the file does not say how it lies, or too obliquely to tell
 */
export function orient(volume: ReadVolume, sides: string, source: string): ReadVolume {
  const { voxels, spacing } = volume;
  const { affine, ...turn } = turnOf(volume, sides, source);
  const { lengths, from, turned } = turn;
  const row = (of: Affine[number]): Affine[number] => {
    const columns = [0, 1, 2].map((axis) => (turned[axis] ? -1 : 1) * of[from[axis]]);
    const origin = [0, 1, 2].reduce((sum, axis) => sum + lastOf(turn, axis) * of[from[axis]], of[3]);
    return [columns[0], columns[1], columns[2], origin];
  };
  const sizes = [spacing[2], spacing[1], spacing[0]];
  const inOrder = (of: readonly number[]) => [of[from[2]], of[from[1]], of[from[0]]] as const;
  return {
    ...volume,
    voxels: gatherWindow(voxels, windowOf(turn)) as Float32Array,
    shape: inOrder(lengths),
    spacing: inOrder(sizes),
    affine: [row(affine[0]), row(affine[1]), row(affine[2])],
  };
}

/** @param mask of the turned volume @param volume as it was before @returns the mask in the order of the file */
export function turnedBack(mask: Uint8Array, volume: ReadVolume, sides: string, source: string): Uint8Array {
  const { lengths, from, turned } = turnOf(volume, sides, source);
  const back = [0, 1, 2].map((axis) => from.indexOf(axis));
  return gatherWindow(
    mask,
    windowOf({ lengths: from.map((axis) => lengths[axis]), from: back, turned: back.map((axis) => turned[axis]) }),
  ) as Uint8Array;
}

function turnOf({ affine, shape }: ReadVolume, sides: string, source: string): Turn & { readonly affine: Affine } {
  if (!affine)
    throw new WorkbenchError(`${source}: does not say how it lies`, "write its affine, or set orientation: as-stored");
  const codes = axisCodes(affine);
  const from = [...sides].map((side) => [...codes].findIndex((code) => bodyAxis(code) === bodyAxis(side)));
  if (new Set(from).size < 3 || from.includes(-1))
    throw new WorkbenchError(
      `${source}: lies too obliquely to be turned to ${sides} (its axes run to ${codes})`,
      "resample it, or set orientation: as-stored",
    );
  // Of the file's x, y and z, the last of the array's axes being x.
  const lengths = [shape[2], shape[1], shape[0]];
  return { affine, lengths, from, turned: [...sides].map((side, axis) => side !== codes[from[axis]]) };
}

/** The place on the axis before from which an axis behind starts. */
const lastOf = ({ lengths, from, turned }: Turn, axis: number) => (turned[axis] ? lengths[from[axis]] - 1 : 0);

function windowOf(turn: Turn): Window {
  const { lengths, from, turned } = turn;
  const steps = [1, lengths[0], lengths[0] * lengths[1]];
  const axes = [2, 1, 0] as const;
  return {
    offset: [0, 1, 2].reduce((sum, axis) => sum + lastOf(turn, axis) * steps[from[axis]], 0),
    shape: axes.map((axis) => lengths[from[axis]]),
    stride: axes.map((axis) => (turned[axis] ? -1 : 1) * steps[from[axis]]),
  };
}
