import type { ImageSetName } from "./image-set-names";
import { loadFundusSite, prepareFundus, splitFundusSite } from "./fundus/load";
import { fundusSite, fundusSites } from "./fundus/sites";
import { fundusOddities, planFundus } from "./fundus/import";
import type { ImportPlan } from "../import/plan";
import { planProstate, prostateOddities } from "./prostate/import";
import {
  loadSite,
  prepareProstate,
  splitSite,
  type LoadOptions,
  type Prepare,
  type SiteSplit,
  type SplitOptions,
} from "./prostate/load";
import { writeFundusPhantom } from "../phantom/fundus/phantom";
import { writePhantom, type PhantomOptions } from "../phantom/prostate/phantom";
import type { PreparedCase } from "../set/prepared";
import { prostateSite, prostateSites } from "./prostate/sites";
import type { SiteData } from "../set/types";

export interface SetPhantomOptions extends PhantomOptions {
  /** In a set of photographs, what `casesPerSite` is in a set of volumes (default: the same). */
  readonly imagesPerSite?: number | "real";
}

/** A collection of images from several sites, real or phantom: everything that differs between the tasks. */
export interface ImageSet {
  readonly sites: readonly string[];
  /** Reads, splits and prepares one site of a folder. */
  load(folder: string, site: string, options: LoadOptions): SiteData;
  /** Finds and splits the cases of one site; reads none. */
  split(folder: string, site: string, options: SplitOptions): SiteSplit;
  /** Finds the published cases among the names of files, and names all that is missing or extra. */
  plan(names: readonly string[]): ImportPlan;
  readonly prepare: Prepare;
  /** What differs between a case and the published set. */
  oddities(made: PreparedCase): string[];
  /** How many cases a site was published with, and how many labelled slices they have. */
  published(site: string): { readonly cases: number; readonly slices: number };
  /** Writes a phantom in the layout of the real set. It can be stopped and run again. */
  writePhantom(folder: string, options: SetPhantomOptions, onProgress?: (done: number, total: number) => void): void;
}

export const imageSets: Readonly<Record<ImageSetName, ImageSet>> = {
  prostate: {
    sites: prostateSites,
    load: loadSite,
    split: splitSite,
    plan: planProstate,
    prepare: prepareProstate,
    oddities: prostateOddities,
    published(site) {
      const { cases, labelledSlices } = prostateSite(site);
      return { cases: cases.length, slices: labelledSlices };
    },
    writePhantom,
  },
  fundus: {
    sites: fundusSites,
    load: loadFundusSite,
    split: splitFundusSite,
    plan: planFundus,
    prepare: prepareFundus,
    oddities: fundusOddities,
    published(site) {
      const { images } = fundusSite(site);
      return { cases: images, slices: images };
    },
    writePhantom: (folder, { seed, side, casesPerSite, imagesPerSite = casesPerSite }, onProgress) =>
      writeFundusPhantom(folder, { seed, side, casesPerSite: imagesPerSite }, onProgress),
  },
};
