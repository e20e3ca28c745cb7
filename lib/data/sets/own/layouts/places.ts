import { misplaced, pairFiles, type ImportPlan, type NamedFile, type PublishedPart } from "../../../set/plan";
import { endingOf, unreadFormats, type Modality } from "../formats";

/** Where a site has images, and where the masks that belong to them. */
export interface Place {
  readonly site: string;
  /** Folders with slashes, `.` for the task's own. */
  readonly images: string;
  readonly masks: string;
  /** How the names of the site's cases begin. */
  readonly prefix: string;
  /** What stands behind a case's name, before the ending. */
  readonly imageSuffix: string;
  readonly maskSuffix: string;
  readonly part?: PublishedPart;
  /** Whether images without masks are usual there, and left out. */
  readonly unlabelled?: boolean;
}

/** @returns the cases in some places, and what is in none of them @param names paths with slashes */
export function planPlaces(names: readonly string[], places: readonly Place[], modality: Modality): ImportPlan {
  const files: NamedFile[] = [];
  const [odd, strays]: [string[], string[]] = [[], []];
  for (const name of names) {
    const found = places.flatMap((place) => fileIn(place, name, modality) ?? []);
    if (found.length > 1 && new Set(found.map(({ site }) => site)).size > 1)
      odd.push(
        `${name} belongs to ${found.map(({ site }) => site).join(" and ")}; give the sites folders or prefixes of their own`,
      );
    else if (found.length > 0) files.push(found[0]);
    else if (endingOf(name, modality)) strays.push(name);
  }
  const labelled = new Set(files.filter(({ kind }) => kind === "mask").map(keyOf));
  const without = files.filter((file) => isUnlabelled(places, file) && !labelled.has(keyOf(file)));
  const { cases, faults } = pairFiles(files.filter((file) => !without.includes(file)));
  const unread = unreadFormats(names);
  const sites = [...new Set(places.map(({ site }) => site))];
  return {
    cases,
    faults: [...odd, ...faults, ...(cases.length === 0 ? unread : [])],
    missing: sites.filter((site) => !cases.some((each) => each.site === site)).map((site) => nothingOf(site, places)),
    notes: [
      ...misplaced(strays, "is none of the layout's folders, or its files have other names"),
      ...misplaced(
        without.map(({ name }) => name),
        "holds images without masks",
      ),
      ...(cases.length === 0 ? [] : unread),
    ],
  };
}

const keyOf = ({ site, id }: NamedFile) => JSON.stringify([site, id]);
const isUnlabelled = (places: readonly Place[], { site, name }: NamedFile) =>
  places.some((place) => place.unlabelled && place.site === site && folderOf(name) === place.images);

function nothingOf(site: string, places: readonly Place[]): string {
  const own = places.filter((place) => place.site === site);
  const where = own.map(({ images, prefix, imageSuffix }) => `${images}/${prefix}*${imageSuffix}`).join(", ");
  return `${site}: no case in ${where}`;
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
  if (id === undefined || !id.startsWith(place.prefix)) return undefined;
  const { site, part } = place;
  return { name, site, id, kind: isMask ? "mask" : "image", ...(part && { part }), to: name };
}
