import type { ImageSet } from "../set/image-set";
import { fundusSet } from "./fundus/set";
import type { ImageSetName } from "./image-set-names";
import { prostateSet } from "./prostate/set";

/** The collections of images that there are, by name. */
export const imageSets: Readonly<Record<ImageSetName, ImageSet>> = { prostate: prostateSet, fundus: fundusSet };
