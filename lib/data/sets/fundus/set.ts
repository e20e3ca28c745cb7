import type { PublishedSet } from "../../set/image-set";
import { fundusOddities } from "./oddities";
import { planFundus } from "./plan";
import { eyeSlices, prepareFundus } from "./prepare";
import { fundusSite, fundusSites } from "./sites";
import { officialFundusSplit } from "./split";

/** Photographs of the optic disc and cup from four cameras. */
export const fundusSet: PublishedSet = {
  name: "fundus",
  sites: fundusSites,
  siteName: (folderName) => fundusSite(folderName).name,
  plan: planFundus,
  official: officialFundusSplit,
  prepare: prepareFundus,
  slices: eyeSlices,
  oddities: fundusOddities,
  unit: "px",
  published(site) {
    const { images } = fundusSite(site);
    return { cases: images, slices: images };
  },
};
