import { mean, sum } from "../core/mean";
import { percentile } from "../core/percentile";
import { officialSliceDice, volumetricDice } from "./dice";
import { surfaceDistances, type SurfaceDistances } from "./surface";

/** How well a predicted volume agrees with its reference. Distances are in millimetres, and null when they are not defined. */
export interface MaskScores {
  /** Foreground Dice over the volume, 0 to 1; 1 when both masks are empty. */
  readonly dice: number;
  /** The official code's Dice, background averaged in, as the mean over slices. */
  readonly officialDice: number;
  /** 95th percentile of the pooled surface distances of both directions. */
  readonly hd95: number | null;
  /** Mean of the pooled surface distances of both directions. */
  readonly assd: number | null;
  /** Why there are no distances. */
  readonly undefinedBecause?: "empty prediction" | "empty reference" | "both empty" | "not asked for";
}

/**
 * @param predicted `[depth, height, width]`, non-zero inside; `reference` likewise
 * @param spacing millimetres between voxels, in the order of `shape`
 * @param surfaces whether to measure surface distances, which cost more than Dice
 */
export function scoreMasks(
  predicted: Uint8Array,
  reference: Uint8Array,
  shape: readonly [depth: number, height: number, width: number],
  spacing: readonly [depth: number, height: number, width: number],
  surfaces = true,
): MaskScores {
  const slices = officialSliceDice(predicted, reference, shape[0]);
  const dice = { dice: volumetricDice(predicted, reference), officialDice: mean(slices) };
  if (!surfaces) return { ...dice, hd95: null, assd: null, undefinedBecause: "not asked for" };
  const distances = surfaceDistances(predicted, reference, shape, spacing);
  if (distances) return { ...dice, hd95: hausdorff95(distances), assd: meanSurfaceDistance(distances) };
  const undefinedBecause = predicted.some(Boolean)
    ? "empty reference"
    : reference.some(Boolean)
      ? "empty prediction"
      : "both empty";
  return { ...dice, hd95: null, assd: null, undefinedBecause };
}

/** The mean of several structures; a distance that one of them lacks is lacking, for that structure's reason. */
export function meanScores(scores: readonly MaskScores[]): MaskScores {
  const defined = (distances: readonly (number | null)[]) =>
    distances.every((value): value is number => value !== null) ? mean(distances) : null;
  const undefinedBecause = scores.find((each) => each.undefinedBecause)?.undefinedBecause;
  return {
    dice: mean(scores.map(({ dice }) => dice)),
    officialDice: mean(scores.map(({ officialDice }) => officialDice)),
    hd95: defined(scores.map(({ hd95 }) => hd95)),
    assd: defined(scores.map(({ assd }) => assd)),
    ...(undefinedBecause ? { undefinedBecause } : {}),
  };
}

/** The 95th percentile of both directed lists pooled (medpy's hd95). */
export function hausdorff95({ aToB, bToA }: SurfaceDistances): number {
  const pooled = new Float64Array(aToB.length + bToA.length);
  pooled.set(aToB);
  pooled.set(bToA, aToB.length);
  return percentile(pooled, 0.95);
}

/** The mean of both directed lists pooled (ASSD since medpy 0.5.2). */
export function meanSurfaceDistance({ aToB, bToA }: SurfaceDistances): number {
  return (sum(aToB) + sum(bToA)) / (aToB.length + bToA.length);
}
