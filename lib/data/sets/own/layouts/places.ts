import { misplaced, type ImportPlan, type NamedFile, type PublishedPart } from "../../../set/plan";
import { endingOf, type Modality } from "../formats";
import { planFiles } from "./plan-files";

/** Where a site has images, and where the masks that belong to them. */
export interface Place {
  readonly site: string;
  /** Folders with slashes, `.` for the task's own. */
  readonly images: string;
  readonly masks: string;
  /** How the names of the site's cases begin. */
  readonly prefix: string;
  /** Of several sites in one folder whether a case is one of this. */
  readonly owns?: (id: string) => boolean;
  /** What stands behind a case's name, before the ending. */
  readonly imageSuffix: string;
  readonly maskSuffix: string;
  readonly part?: PublishedPart;
  /** Whether images without masks are usual there, and left out. */
  readonly unlabelled?: boolean;
}

/** @returns the cases in some places, and what is in none of them @param names paths with slashes */
export function planPlaces(names: readonly string[], places: readonly Place[], modality: Modality): ImportPlan {
  return planFiles(names, modality, {
    sites: [...new Set(places.map(({ site }) => site))],
    find: (name) => places.flatMap((place) => fileIn(place, name, modality) ?? []),
    where: (site) =>
      places
        .filter((place) => place.site === site)
        .map(({ images, prefix, imageSuffix }) => `${images}/${prefix}*${imageSuffix}`)
        .join(", "),
    unlabelled: ({ site, name }) =>
      places.some((place) => place.unlabelled && place.site === site && folderOf(name) === place.images),
    strays: (strays) => misplaced(strays, "is none of the layout's folders, or its files have other names"),
  });
}

function folderOf(name: string): string {
  const slash = name.lastIndexOf("/");
  return slash < 0 ? "." : name.slice(0, slash);
}

/** @returns a file as what it is in a place; undefined where it is nothing there */
function fileIn(place: Place, name: string, modality: Modality): NamedFile | undefined {
  const folder = folderOf(name);
  if (folder !== place.images && folder !== place.masks) return undefined;
  const ending = endingOf(name, modality);
  if (ending === undefined) return undefined;
  const stem = name.slice(folder === "." ? 0 : folder.length + 1, -ending.length);
  const idWith = (suffix: string) =>
    stem.endsWith(suffix) && stem.length > suffix.length ? stem.slice(0, stem.length - suffix.length) : undefined;
  const asMask = folder === place.masks ? idWith(place.maskSuffix) : undefined;
  const asImage = folder === place.images ? idWith(place.imageSuffix) : undefined;
  // In one folder with the masks an image may have no suffix: the longer one tells.
  const isMask = asMask !== undefined && (asImage === undefined || place.maskSuffix.length > place.imageSuffix.length);
  const id = isMask ? asMask : asImage;
  if (id === undefined || !id.startsWith(place.prefix) || place.owns?.(id) === false) return undefined;
  const { site, part } = place;
  return { name, site, id, kind: isMask ? "mask" : "image", ...(part && { part }), to: name };
}
