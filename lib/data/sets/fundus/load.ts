import { createRandom, type Random } from "../../../core/random";
import { WorkbenchError } from "../../../core/errors";
import { findFundusCases, readFundusCase, type FundusFiles } from "./cases";
import { fundusSite, fundusStructures } from "./sites";
import type { CaseFiles } from "../prostate/cases";
import { readPrepared, type LoadOptions, type SiteSplit, type SplitOptions } from "../prostate/load";
import { compact, moments, type CaseBytes, type PreparedCase } from "../../set/prepared";
import { joinSets } from "../../set/slice-sets";
import {
  assertNoLeakage,
  shuffled,
  splitByLot,
  splitByRule,
  withValidation,
  type Split,
  type SplitMode,
} from "../../set/splits";
import type { Reading } from "../../set/stacking";
import type { Part, SiteData, SliceSet } from "../../set/types";

/** Distances are told in pixels of the size that FedDG and others use, whatever the size of an experiment. */
const unitSide = 384;

/**
 * Reads the eyes of one domain, splits them by eye and normalises them. @throws WorkbenchError naming the file or value that is
 * wrong
 */
export function loadFundusSite(folder: string, site: string, options: LoadOptions): SiteData {
  const { side, reading, cache } = options;
  const { name, files, split } = splitFundusSite(folder, site, options);
  const byId = new Map(files.map((file) => [file.id, file]));
  const load = (part: Part): SliceSet =>
    joinSets(
      name,
      split[part].map((id) => eyeSet(readPrepared(byId.get(id) as CaseFiles, side, prepareFundus, cache), reading)),
    );
  return { site: name, parts: { train: load("train"), validation: load("validation"), test: load("test") } };
}

/** Finds the eyes of one domain and splits them; reads none. */
export function splitFundusSite(folder: string, site: string, { split = "auto", seed }: SplitOptions): SiteSplit {
  const { name } = fundusSite(site);
  const files = findFundusCases(folder).find((candidate) => candidate.site.name === name)?.cases ?? [];
  if (files.length === 0)
    throw new WorkbenchError(`site ${name} is not in ${folder}`, "add it, or leave it out of the experiment");
  return { name, files, split: splitFundusCases(files, name, split, createRandom(seed).child("split").child(name)) };
}

/**
 * `official`: the published folder `test` tests, a fifth of `train`, by lot, validates; `auto`: that, when both folders hold
 * enough, otherwise by lot.
 * @throws WorkbenchError when there are too few cases
 */
export function splitFundusCases(
  cases: readonly Pick<FundusFiles, "id" | "part">[],
  site: string,
  mode: SplitMode,
  random: Random,
): Split {
  const ids = cases.map(({ id }) => id);
  const published = (part: "train" | "test") => cases.filter((each) => each.part === part).map(({ id }) => id);
  const enough = published("train").length >= 2 && published("test").length >= 1;
  if (mode === "official" && !enough)
    throw new WorkbenchError(
      `${site} has ${published("train").length} images in train and ${published("test").length} in test`,
      "use the seeded split, or complete the site",
    );
  const split =
    typeof mode === "object"
      ? splitByRule(ids, site, mode, random)
      : enough && mode !== "seeded"
        ? { test: published("test").sort(), ...withValidation(shuffled(published("train"), random)) }
        : splitByLot(ids, site, random);
  assertNoLeakage(split, ids);
  return split;
}

/**
 * `intended`: mean 0 and deviation 1 over the three colours of a photograph together, so that its tint stays. No fundus code of
 * the paper was released; `published` is what the set's authors do: value / 127.5 - 1.
 */
function eyeSet(
  { site, id, height, width, planes, masks, spacing, mean, deviation }: PreparedCase,
  reading: Reading,
): SliceSet {
  const normalise =
    reading === "intended" ? (value: number) => (value - mean) / deviation : (value: number) => value / 127.5 - 1;
  return {
    site,
    count: 1,
    height,
    width,
    channels: 3,
    planes: Float32Array.from(planes, normalise),
    stack: Int32Array.of(0, 1, 2),
    masks,
    structures: fundusStructures,
    cases: [{ id, first: 0, count: 1, spacing }],
  };
}

/**
 * Reads one eye at the size of an experiment. @throws WorkbenchError naming the file or value that is wrong: see `readFundusCase`
 */
export function prepareFundus(site: string, id: string, bytes: CaseBytes, side: number): PreparedCase {
  const { planes, classes, shape, labels } = readFundusCase(site, id, bytes, side);
  const spacing = [1, unitSide / side, unitSide / side] as const;
  return {
    site,
    id,
    height: side,
    width: side,
    planes: compact(planes),
    masks: classes,
    slices: [0],
    spacing,
    ...moments(planes, `${site}/${id}`),
    shape,
    labels,
  };
}
