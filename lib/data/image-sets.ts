import type { ImageSetName } from "./image-set-names";
import { loadFundusSite } from "./fundus-load";
import { fundusSites } from "./fundus-sites";
import { loadSite, type LoadOptions } from "./load";
import { writeFundusPhantom } from "./phantom-fundus";
import { writePhantom, type PhantomOptions } from "./phantom-prostate";
import { prostateSites } from "./sites";
import type { SiteData } from "./types";

export interface SetPhantomOptions extends PhantomOptions {
  /** In a set of photographs, what `casesPerSite` is in a set of volumes (default: the same). */
  readonly imagesPerSite?: number | "real";
}

/** A collection of images from several sites, real or phantom: everything that differs between the tasks. */
export interface ImageSet {
  readonly sites: readonly string[];
  /** Reads, splits and prepares one site of a folder. */
  load(folder: string, site: string, options: LoadOptions): SiteData;
  /** Writes a phantom in the layout of the real set. It can be stopped and run again. */
  writePhantom(folder: string, options: SetPhantomOptions, onProgress?: (done: number, total: number) => void): void;
}

export const imageSets: Readonly<Record<ImageSetName, ImageSet>> = {
  prostate: { sites: prostateSites, load: loadSite, writePhantom },
  fundus: {
    sites: fundusSites,
    load: loadFundusSite,
    writePhantom: (folder, { seed, side, casesPerSite, imagesPerSite = casesPerSite }, onProgress) =>
      writeFundusPhantom(folder, { seed, side, casesPerSite: imagesPerSite }, onProgress),
  },
};
