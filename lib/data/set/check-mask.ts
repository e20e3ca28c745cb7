import { WorkbenchError } from "../../core/errors";
import { maskShape, type Piece } from "./mask-shape";

/** Above this share of a slice it is the surroundings that are marked, not what is sought. */
const mostCovered = 0.5;
/** A second piece of this share of the marked voxels, further away than `farApart`, belongs to something else. */
const largeShare = 0.1;
/** Of a slice's diagonal. */
const farApart = 0.25;

/** Something that was marked in an image. */
export interface Marked {
  /** `site/id`, as messages name the case. */
  readonly name: string;
  /** What is sought: `prostate`. */
  readonly what: string;
  /** `[depth, height, width]`, foreground above 0. */
  readonly mask: Uint8Array;
  readonly shape: readonly [depth: number, height: number, width: number];
  /** The values of the file, for messages. */
  readonly labels: readonly number[];
}

/**
 * Whether a foreground can be what is sought in the middle of a picture.
 * @returns what is odd about it, one line each
 * @throws WorkbenchError when nothing is marked, when it covers most of a slice or touches every border of a slice (masks that
 * are reversed, coded otherwise, or pictures), or when large parts of it lie far apart
 */
export function checkMask({ name, what, mask, shape, labels }: Marked): string[] {
  const refuse = (problem: string, hint: string) => new WorkbenchError(`${name}: ${problem}`, hint);
  const { share, fullest, frames, pieces } = maskShape(mask, shape);
  const values = `its values are ${shownValues(labels)}`;
  if (share === 0) throw refuse(`the mask has no ${what} (${values})`, "leave the case out, or fetch its mask again");
  if (frames >= 0 || fullest > mostCovered) {
    const [much, of] = share > mostCovered ? [share, "the picture"] : [fullest, "a slice"];
    const found = `the mask calls ${Math.round(100 * much)} % of ${of} ${what}`;
    const touching = frames >= 0 ? ", up to every border" : "";
    throw refuse(
      `${found}${touching} (${values}), so that it is reversed, coded otherwise, or no mask`,
      "see dataset/README.md for the values, and mend or leave out the case",
    );
  }
  const [gland, ...others] = pieces;
  const [, height, width] = shape;
  const apart = ({ centre }: Piece) =>
    Math.hypot(centre[1] - gland.centre[1], centre[2] - gland.centre[2]) / Math.hypot(height, width);
  const total = share * mask.length;
  const second = others.find((piece) => piece.voxels > largeShare * total && apart(piece) > farApart);
  if (second)
    throw refuse(
      `the mask has two large parts far apart, of ${gland.voxels} and ${second.voxels} voxels (${values})`,
      `check which of them is the ${what}, and mend the mask`,
    );
  return others.length === 0 ? [] : [`the ${what} is in ${pieces.length} pieces`];
}

/** Values as a message lists them, shortened. */
export function shownValues(values: readonly number[]): string {
  const shown = values.slice(0, 6).map((value) => String(Number(value.toPrecision(4))));
  return values.length > 6 ? `${shown.join(", ")} and more` : shown.join(", ");
}
