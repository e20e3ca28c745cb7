import { percentile } from "../core/percentile";
import type { CaseResult } from "./results";

/** Chosen, not measured: they say where to look first, and promise nothing of what they leave out. */
export const limits = {
  confidence: 0.8,
  /** Dice between the masks before and after. */
  agreement: 0.7,
  /** Share of what is marked that its largest piece holds. */
  largestPiece: 0.95,
  /** Times the median of all images, or one by so much. */
  size: 3,
  /** So many images have a median worth to be compared with. */
  images: 4,
} as const;

/** What there is to distrust of a mask, one line each. @param all images of the same run */
export function distrust(of: CaseResult, all: readonly CaseResult[]): string[] {
  const { confidence, entropy } = of.after;
  if (confidence === null) return ["nothing was found; an organ that is there was missed"];
  const size = sizeOf(of) / percentile(all.map(sizeOf), 0.5);
  const found: (string | false)[] = [
    confidence < limits.confidence && `the model is not sure of what it marks (${confidence.toFixed(2)})`,
    of.before !== undefined &&
      entropy > of.before.entropy &&
      `adaptation made the model less sure (entropy ${of.before.entropy.toFixed(3)} to ${entropy.toFixed(3)})`,
    of.agreement !== undefined &&
      of.agreement < limits.agreement &&
      `adaptation changed the mask much (Dice ${of.agreement.toFixed(2)} with the one before)`,
    of.largestPiece < limits.largestPiece &&
      `what is marked is in pieces; the largest holds ${Math.round(100 * of.largestPiece)} %`,
    of.touchesSide && "the mask touches a side of the picture",
    all.length >= limits.images &&
      (size > limits.size || size < 1 / limits.size) &&
      `its size is ${size.toFixed(2)} times the median of these images`,
    ...of.notes.map((note) => `the image: ${note}`),
  ];
  return found.filter((line): line is string => line !== false);
}

/** Millilitres of a volume, share of a photograph. */
export function sizeOf({ pixels, shape, spacing }: CaseResult): number {
  const marked = pixels.reduce((sum, each) => sum + each, 0);
  const [depth, height, width] = shape;
  return spacing ? (marked * spacing[0] * spacing[1] * spacing[2]) / 1000 : marked / (depth * height * width);
}
