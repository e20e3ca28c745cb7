import type { ImageSetName } from "../data/sets/image-set-names";
import type { ImageKind } from "./image";
import { photographs } from "./photograph";
import { volumes } from "./volume";

/** Which images the models of a set segment. */
export const imageKinds: Readonly<Record<ImageSetName, ImageKind>> = { prostate: volumes, fundus: photographs };
