import { realpathSync } from "node:fs";
import { basename, dirname, join, resolve, sep } from "node:path";
import { quote, WorkbenchError } from "../core/errors";
import { sha256 } from "../core/hash";
import { openSource } from "../data/set/source";
import type { ImageKind, ImageWish } from "./image";

/** An image that can be used, by its name below the folder of images. */
export interface UsableImage {
  readonly name: string;
  readonly sha256: string;
  readonly slices: number;
}

/** An image that cannot be used, or whose mask cannot be written, and why, in a line. */
export interface Refusal {
  readonly name: string;
  readonly problem: string;
}

export interface CheckedImages {
  readonly usable: readonly UsableImage[];
  readonly refused: readonly Refusal[];
  /** Files that are no images of this kind by their names. */
  readonly leftOut: readonly string[];
}

/** Numbers that all images together may have at the network's size: an adaptation holds them all. */
const most = 2 ** 29;

/**
 * Looks at every image before anything is computed. What cannot be used costs itself and nothing else.
 * @param onRefused is told of each at once @throws WorkbenchError when there is nothing left to segment
 */
export function checkImages(
  folder: string,
  kind: ImageKind,
  classes: number,
  wish: ImageWish,
  onRefused: (refusal: Refusal) => void,
): CheckedImages {
  const source = openSource(folder);
  const names = source.names.filter((name) => kind.ending.test(name));
  const leftOut = source.names.filter((name) => !kind.ending.test(name));
  if (names.length === 0)
    throw new WorkbenchError(
      `${folder} holds no ${kind.name}${leftOut.length > 0 ? `, but ${shortList(leftOut)}` : ""}`,
      "name another folder with --images, or convert them",
    );
  const [usable, refused]: [UsableImage[], Refusal[]] = [[], []];
  const refuse = (refusal: Refusal) => {
    refused.push(refusal);
    onRefused(refusal);
  };
  for (const name of source.refused.filter((each) => kind.ending.test(each)))
    refuse({ name, problem: `${quote(name)} is a link or no plain file; give the file itself` });
  for (const name of names) {
    try {
      const bytes = source.read(name);
      const { slices } = kind.open(bytes, name, classes, wish);
      usable.push({ name, sha256: sha256(bytes), slices: slices.count });
    } catch (error) {
      if (!(error instanceof WorkbenchError)) throw error;
      refuse({ name, problem: error.message });
    }
  }
  if (usable.length === 0)
    throw new WorkbenchError(`none of the ${names.length} images in ${folder} can be used`, "see the lines above");
  return { usable, refused, leftOut };
}

/** @throws WorkbenchError when an adaptation cannot hold all of them */
export function assertFitTogether(images: readonly UsableImage[], side: number): void {
  const slices = images.reduce((sum, each) => sum + each.slices, 0);
  if (slices * side * side <= most) return;
  const fit = Math.floor(most / (side * side));
  throw new WorkbenchError(
    `${slices} slices of ${side} x ${side} are more than an adaptation holds at once (${fit})`,
    "give them in several folders",
  );
}

/** Masks among the images would be taken for images by the next run, and images among masks are lost sight of. */
export function assertApart(images: string, out: string): void {
  const [from, to] = [realPath(images), realPath(out)];
  if (from === to || to.startsWith(from + sep) || from.startsWith(to + sep))
    throw new WorkbenchError(
      `the folder of results ${out} and that of images ${images} lie in each other`,
      "name another with --out",
    );
}

/** Of what is not there yet, that of the nearest folder which is. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const full = resolve(path);
    return dirname(full) === full ? full : join(realPath(dirname(full)), basename(full));
  }
}

/** Some names of many. */
const shortList = (names: readonly string[], shown = 5): string =>
  names.slice(0, shown).map(quote).join(", ") + (names.length > shown ? ` and ${names.length - shown} more` : "");
