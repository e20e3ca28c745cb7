import { contactSheet } from "../io/contact-sheet";
import { slicePanel } from "../report/slice-panel";
import type { Bundle } from "./bundle";
import { image } from "./image";
import type { SliceStack } from "./slice-stack";

/** One case as a method predicts it. */
export interface PredictedCase {
  readonly site: string;
  readonly method: string;
  /** Names it among the site's scored cases. */
  readonly case: string;
  /** Without a mask where the models are on another machine. */
  readonly stack: SliceStack;
  /** Volumetric, 0 to 1; NaN where no record scores the case. */
  readonly dice: number;
}

/** The slice in which most was drawn by hand; the middle one where nothing was. */
function fullestSlice({ count, height, width, truth }: SliceStack): number {
  const area = height * width;
  let [slice, most] = [Math.floor(count / 2), 0];
  for (let each = 0; each < count; each++) {
    let pixels = 0;
    for (let at = each * area; at < (each + 1) * area; at++) pixels += Number((truth?.[at] ?? 0) > 0);
    if (pixels > most) [slice, most] = [each, pixels];
  }
  return slice;
}

/**
 * Cases side by side, each in the slice in which most was drawn by hand, with the outline of the reference in amber and the prediction's
 * in blue.
 * @param cases row by row @param titled what stands above each (default: case and Dice)
 */
export function caseSheet(
  cases: readonly PredictedCase[],
  { columns, alt, titled = titleOf }: CaseSheetOptions,
): Bundle {
  const panels = cases.map((each) => slicePanel(each.stack, fullestSlice(each.stack), titled(each)));
  return image(contactSheet(panels, { columns }), { alt, width: Math.min(960, 200 * columns) });
}

/** How cases are laid out on a sheet. */
export interface CaseSheetOptions {
  readonly columns: number;
  /** What the picture shows, for whoever cannot see it. */
  readonly alt: string;
  /** What stands above a case; by default its id and Dice. */
  readonly titled?: (each: PredictedCase) => string;
}

const titleOf = ({ case: id, stack, dice }: PredictedCase): string =>
  stack.prediction ? `${id} ${dice.toFixed(3)}` : id;
