import type { Random } from "../../core/random";
import type { FoundCase, ImportPlan } from "./plan";
import type { CaseBytes, MadeCase, PreparedCase } from "./prepared";
import type { OfficialSplit } from "./splits";
import type { Reading } from "./stacking";
import type { SliceSet } from "./types";

/** Makes a case ready from the bytes of its files. @throws WorkbenchError naming the case and what is wrong with it */
export type Prepare = (site: string, id: string, bytes: CaseBytes, side: number) => MadeCase;

/** A collection of images from several sites: everything that differs between the tasks. What it is loaded with is `loadSite`. */
export interface ImageSet {
  /** As errors call it. */
  readonly name: string;
  readonly sites: readonly string[];
  /** @returns the name of a site by any of its folder names. @throws WorkbenchError naming an unknown one */
  siteName(folderName: string): string;
  /**
   * Finds the set's cases among the names of files, and names all that is missing, extra or in the wrong place.
   * @param read of a file that lists cases, where the set has one
   */
  plan(names: readonly string[], read?: (name: string) => Uint8Array): ImportPlan;
  /** @param cases of one site @param random of the lots that the published split leaves open */
  official(cases: readonly FoundCase[], site: string, random: Random): OfficialSplit;
  readonly prepare: Prepare;
  /** One prepared case as the network sees it. */
  slices(made: PreparedCase, reading: Reading): SliceSet;
  /** What is odd about a case that is used nevertheless. */
  oddities(made: PreparedCase): string[];
  /** Of distances between surfaces. */
  readonly unit: "mm" | "px";
  /** Hash of the rules that are data and decide how a case is prepared, where there are such. */
  readonly rules?: string;
}

/** A set that others know too, so that it can be said what differs from it. */
export interface PublishedSet extends ImageSet {
  /** How many cases a site was published with, and how many labelled slices they have. */
  published(site: string): { readonly cases: number; readonly slices: number };
}
