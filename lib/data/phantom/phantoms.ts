import type { ImageSetName } from "../sets/image-set-names";
import { writeFundusPhantom } from "./fundus/phantom";
import { writeProstatePhantom } from "./prostate/phantom";

/** How large a phantom is, whatever its set. */
export interface PhantomOptions {
  readonly seed: string | number;
  /** Pixels along each side of an image. */
  readonly side: number;
  /** The first so many cases of each site, or `real`: as many as the site has. */
  readonly casesPerSite?: number | "real";
  /** In a set of photographs, what `casesPerSite` is in a set of volumes (default: the same). */
  readonly imagesPerSite?: number | "real";
  /** Slices of each volume, or `real`: as many as the site's resolution needs. */
  readonly slices?: number | "real";
}

/** Writes a phantom in the layout of the real set. It can be stopped and run again. */
type WritePhantom = (
  folder: string,
  options: PhantomOptions,
  onProgress?: (done: number, total: number) => void,
) => void;

/** The sets that have a phantom, by name. */
export const phantoms: Readonly<Record<ImageSetName, WritePhantom>> = {
  prostate: writeProstatePhantom,
  fundus: (folder, { casesPerSite, imagesPerSite = casesPerSite, ...options }, onProgress) =>
    writeFundusPhantom(folder, { ...options, casesPerSite: imagesPerSite }, onProgress),
};
