import type { CaseRules } from "../data/sets/own/rules";
import type { ImageSetName } from "../data/sets/image-set-names";
import type { Task } from "../records/config";
import type { ImageKind } from "./image";
import { ownPictures } from "./own-picture";
import { ownVolumes } from "./own-volume";
import { photographs } from "./photograph";
import { volumes } from "./volume";

/** Which images the models of a published set segment. */
export const imageKinds: Readonly<Record<ImageSetName, ImageKind>> = { prostate: volumes, fundus: photographs };

/** What decides how the images of a task are opened: a published set, or the rules of a task of one's own. */
export type KindRules = ImageSetName | CaseRules;

/** Folder and layout say where images of training lie, which is nobody else's. */
export function kindRules({ id, set, labels, inChannels, own }: Task): KindRules {
  if (set !== "own") return set;
  if (!own || !labels) throw new TypeError(`task ${id} has no rules`);
  return {
    ...{ labels, inChannels },
    own: { ...own, folder: undefined, leaveOut: undefined, layout: { kind: "manifest", file: "none" } },
  };
}

export function imageKindOf(rules: KindRules): ImageKind {
  if (typeof rules === "string") return imageKinds[rules];
  return rules.own.modality === "volume" ? ownVolumes(rules) : ownPictures(rules);
}
