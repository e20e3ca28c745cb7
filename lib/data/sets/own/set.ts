import { useOneOf } from "../../../core/closest";
import { hashOf, type Json } from "../../../core/hash";
import { WorkbenchError } from "../../../core/errors";
import type { ImageSet } from "../../set/image-set";
import { planLayout } from "./layouts/plan";
import { preparePicture } from "./prepare-picture";
import { prepareVolume } from "./prepare-volume";
import { withPseudonyms } from "./pseudonyms";
import type { CaseRules } from "./rules";
import { ownSlices } from "./slices";
import { ownSplit } from "./split";

/** A set whose rules are data: the images of a task of one's own. @param name as errors call it */
export function ownSet(name: string, sites: readonly string[], rules: CaseRules): ImageSet {
  const { own, labels, inChannels } = rules;
  const prepare = own.modality === "volume" ? prepareVolume : preparePicture;
  return {
    name,
    sites,
    siteName(folderName) {
      if (sites.includes(folderName)) return folderName;
      throw new WorkbenchError(`unknown site "${folderName}"`, useOneOf(folderName, sites));
    },
    plan(names, read) {
      const plan = planLayout(own.layout, sites, own.modality, names, read);
      return own.pseudonyms ? { ...plan, cases: withPseudonyms(plan.cases) } : plan;
    },
    official: (cases, site, random) => ownSplit(own.split, cases, site, random),
    prepare: (...given) => prepare(rules, ...given),
    slices: (made, reading) => ownSlices(rules, made, reading),
    oddities: ({ notes }) => [...notes],
    unit: own.modality === "volume" ? "mm" : "px",
    rules: hashOf({
      ...own,
      folder: undefined,
      layout: undefined,
      split: undefined,
      labels,
      inChannels,
    } as unknown as Json),
  };
}
