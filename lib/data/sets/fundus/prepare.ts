import { compact, moments, type CaseBytes, type MadeCase, type PreparedCase } from "../../set/prepared";
import type { Reading } from "../../set/stacking";
import type { SliceSet } from "../../set/types";
import { changedValues } from "../../set/values";
import { readFundusCase } from "./cases";
import { fundusStructures } from "./sites";

/** Distances are told in pixels of the size that FedDG and others use, whatever the size of an experiment. */
const unitSide = 384;

/**
 * `intended`: mean 0 and deviation 1 over the three colours of a photograph together, so that its tint stays. No fundus code of
 * the paper was released; `published` is what the set's authors do: value / 127.5 - 1.
 */
export function eyeSlices(
  { site, id, height, width, planes, masks, spacing, mean, deviation }: PreparedCase,
  reading: Reading,
): SliceSet {
  return {
    site,
    count: 1,
    height,
    width,
    channels: 3,
    planes: changedValues(
      planes,
      reading === "intended" ? { minus: mean, over: deviation } : { minus: 0, over: 127.5, less: 1 },
    ),
    stack: Int32Array.of(0, 1, 2),
    masks,
    structures: fundusStructures,
    cases: [{ id, first: 0, count: 1, spacing }],
  };
}

/**
 * Reads one eye at the size of an experiment. @throws WorkbenchError naming the file or value that is wrong: see `readFundusCase`
 */
export function prepareFundus(site: string, id: string, bytes: CaseBytes, side: number): MadeCase {
  const { planes, classes, shape, labels, notes } = readFundusCase(site, id, bytes, side);
  const spacing = [1, unitSide / side, unitSide / side] as const;
  return {
    site,
    id,
    height: side,
    width: side,
    planes: compact(planes),
    masks: classes,
    slices: [0],
    spacing,
    ...moments(planes, `${site}/${id}`),
    shape,
    labels,
    notes,
  };
}
