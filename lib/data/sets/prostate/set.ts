import type { PublishedSet } from "../../set/image-set";
import { stackedCase } from "../../set/slice-sets";
import { prostateOddities } from "./oddities";
import { planProstate } from "./plan";
import { prepareProstate } from "./prepare";
import { prostateSite, prostateSites } from "./sites";
import { officialProstateSplit } from "./split";

/** T2-weighted volumes of the prostate from six sites. */
export const prostateSet: PublishedSet = {
  name: "prostate",
  sites: prostateSites,
  siteName: (folderName) => prostateSite(folderName).name,
  plan: planProstate,
  official: (cases, site) =>
    officialProstateSplit(
      cases.map(({ id }) => id),
      prostateSite(site),
    ),
  prepare: prepareProstate,
  slices: stackedCase,
  oddities: prostateOddities,
  unit: "mm",
  published(site) {
    const { cases, labelledSlices } = prostateSite(site);
    return { cases: cases.length, slices: labelledSlices };
  },
};
