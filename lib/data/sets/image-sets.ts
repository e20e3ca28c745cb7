import type { PublishedSet } from "../set/image-set";
import { fundusSet } from "./fundus/set";
import type { ImageSetName } from "./image-set-names";
import { prostateSet } from "./prostate/set";

/** The published collections of images, by name. */
export const imageSets: Readonly<Record<ImageSetName, PublishedSet>> = { prostate: prostateSet, fundus: fundusSet };
