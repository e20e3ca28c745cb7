import { WorkbenchError } from "../core/errors";
import { sha256 } from "../core/hash";
import { sum } from "../core/mean";
import { maskShape } from "../data/set/mask-shape";
import { volumetricDice } from "../metrics/dice";
import { certaintyOf, type Certainty, type SeenSlice } from "./certainty";
import type { OpenImage } from "./image";
import type { OwnFolder } from "./own-folder";
import { classesOnOwnGrid } from "./own-grid";
import type { NamedImage, SegmentRequest } from "./request";
import { maskPlace, writeCase } from "./results";

/** An image in a stream of slices: where its mask goes, and how it gets there. */
export interface StreamedImage extends Omit<OpenImage, "slices">, NamedImage {
  /** How many slices it has. */
  readonly count: number;
}

/** An image's prediction before anything was adapted. */
export interface Before {
  readonly certainty: Certainty;
  /** `[pixels]` of all slices, as the network sees them. */
  readonly classes: Uint8Array;
}

export const beforeOf = (seen: readonly SeenSlice[]): Before => ({
  certainty: certaintyOf(seen),
  classes: classesOf(seen),
});

const classesOf = (seen: readonly SeenSlice[]): Uint8Array =>
  Uint8Array.from(Buffer.concat(seen.map(({ classes }) => classes)));

/**
 * Brings an image's prediction back to its own pixels and writes it with what is known of it, unless that is there already.
 * @param seen its slices @param before where a method adapted @param warn takes the line of a mask that could not be written
 */
export function finishImage(
  { shape: { classes }, wish: { side } }: SegmentRequest,
  out: OwnFolder,
  image: StreamedImage,
  seen: readonly SeenSlice[],
  before: Before | undefined,
  warn: (line: string) => void,
): void {
  if (image.finished) return;
  const { name, fingerprint, shape, spacing, notes } = image;
  const [depth, height, width] = shape;
  const mask = new Uint8Array(depth * height * width);
  seen.forEach(({ probabilities }, slice) =>
    mask.set(classesOnOwnGrid(probabilities, side, classes, height, width), slice * height * width),
  );
  const bytes = image.encode(mask);
  const counts = new Uint32Array(classes);
  for (const label of mask) counts[label]++;
  const pixels = Array.from(counts.subarray(1));
  const marked = sum(pixels);
  try {
    out.assertOwn(maskPlace(name));
    writeCase(out, {
      ...{ name, fingerprint, sha256: image.sha256, mask: maskPlace(name), maskSha256: sha256(bytes) },
      ...{ shape, spacing, notes, pixels },
      largestPiece: marked === 0 ? 0 : maskShape(mask, shape).pieces[0].voxels / marked,
      touchesSide: touchesSide(mask, shape),
      before: before?.certainty,
      agreement: before && volumetricDice(before.classes, classesOf(seen)),
      after: certaintyOf(seen),
    });
    out.write(maskPlace(name), bytes);
  } catch (error) {
    if (!(error instanceof WorkbenchError)) throw error;
    warn(error.message);
  }
}

function touchesSide(mask: Uint8Array, [, height, width]: readonly [number, number, number]): boolean {
  return mask.some((label, at) => {
    const [row, column] = [Math.floor(at / width) % height, at % width];
    return label > 0 && (row === 0 || column === 0 || row === height - 1 || column === width - 1);
  });
}
