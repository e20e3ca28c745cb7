import { useOneOf } from "../../../core/closest";
import { hashOf, type Json } from "../../../core/hash";
import { quote, WorkbenchError } from "../../../core/errors";
import type { ImageSet } from "../../set/image-set";
import type { FoundCase, ImportPlan } from "../../set/plan";
import { planLayout } from "./layouts/plan";
import { preparePicture } from "./prepare-picture";
import { prepareVolume } from "./prepare-volume";
import { withPseudonyms } from "./pseudonyms";
import type { CaseRules } from "./rules";
import { ownSlices } from "./slices";
import { ownSplit } from "./split";

/** The same plan but for some cases, each `site/case`. */
function without(leftOut: readonly string[], plan: ImportPlan): ImportPlan {
  const nameOf = ({ site, id }: FoundCase) => `${site}/${id}`;
  const names = plan.cases.map(nameOf);
  const strange = leftOut.filter((name) => !names.includes(name));
  return {
    ...plan,
    cases: plan.cases.filter((each) => !leftOut.includes(nameOf(each))),
    faults: [
      ...plan.faults,
      ...strange.map((name) => `leaveOut names ${quote(name)}, which is no case; write site/case`),
    ],
  };
}

/** A set whose rules are data: the images of a task of one's own. @param name as errors call it */
export function ownSet(name: string, sites: readonly string[], rules: CaseRules): ImageSet {
  const { own, labels, inChannels } = rules;
  const { modality, slices, normalisation, orientation } = own;
  const prepare = modality === "volume" ? prepareVolume : preparePicture;
  return {
    name,
    sites,
    siteName(folderName) {
      if (sites.includes(folderName)) return folderName;
      throw new WorkbenchError(`unknown site "${folderName}"`, useOneOf(folderName, sites));
    },
    plan(names, read) {
      const plan = without(own.leaveOut ?? [], planLayout(own.layout, sites, modality, names, read));
      return own.pseudonyms ? { ...plan, cases: withPseudonyms(plan.cases) } : plan;
    },
    official: (cases, site, random) => ownSplit(own.split, cases, site, random),
    prepare: (...given) => prepare(rules, ...given),
    slices: (made, reading) => ownSlices(rules, made, reading),
    oddities: ({ notes }) => [...notes],
    unit: modality === "volume" ? "mm" : "px",
    rules: hashOf({ modality, slices, normalisation, orientation, labels, inChannels } as unknown as Json),
  };
}
