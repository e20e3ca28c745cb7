import type { ImportPlan, NamedFile } from "../../../set/plan";
import { endingOf, type Modality } from "../formats";
import { planFiles } from "./plan-files";

/** Where a site has a data set of BIDS, and which of its files are meant. */
export interface BidsPlace {
  readonly site: string;
  /** Folder of the data set, `.` for the task's own. */
  readonly root: string;
  /** How the names of the site's subjects begin. */
  readonly prefix: string;
  readonly owns?: (id: string) => boolean;
  /** Folder below `derivatives` that holds the masks. */
  readonly derivatives: string;
  /** `anat` */
  readonly datatype: string;
  /** What the names of images and of masks end on: `T2w`, `dseg`. */
  readonly image: string;
  readonly mask: string;
}

/** The subject of a case: `sub-01` of `sub-01_ses-2_run-1`. */
export const subjectOf = (id: string): string => /^sub-[^_]+/.exec(id)?.[0] ?? id;

/** What only says of a mask how it was made (BIDS 1.10, "Common data types and metadata" of derivatives). */
const ofMasks = /_(?:space|res|den|desc|label|seg|atlas)-[^_]+/g;

/** @returns the cases of data sets of BIDS; their other images, and those without masks, are left out @param names paths with slashes */
export function planBids(names: readonly string[], places: readonly BidsPlace[], modality: Modality): ImportPlan {
  return planFiles(names, modality, {
    sites: [...new Set(places.map(({ site }) => site))],
    find: (name) => places.flatMap((place) => fileIn(place, name, modality) ?? []),
    where: (site) =>
      places
        .filter((place) => place.site === site)
        .map(
          ({ root, prefix, datatype, image, derivatives, mask }) =>
            `${root}/${prefix || "sub-"}*/${datatype}/*_${image} with derivatives/${derivatives}/${prefix || "sub-"}*/${datatype}/*_${mask}`,
        )
        .join(", "),
    unlabelled: () => true,
    strays: () => [],
  });
}

/** @returns a file as what it is in a data set; undefined where it is nothing there */
function fileIn(place: BidsPlace, name: string, modality: Modality): NamedFile | undefined {
  const { site, root, prefix, owns, derivatives, datatype, image, mask } = place;
  const ending = endingOf(name, modality);
  const start = root === "." ? "" : `${root}/`;
  if (ending === undefined || !name.startsWith(start)) return undefined;
  const ofMask = `derivatives/${derivatives}/`;
  const inside = name.slice(start.length, -ending.length);
  const kind = inside.startsWith(ofMask) ? "mask" : "image";
  const parts = (kind === "mask" ? inside.slice(ofMask.length) : inside).split("/");
  const [stem = "", last, ...above] = parts.reverse();
  const suffix = `_${kind === "mask" ? mask : image}`;
  if (last !== datatype || above.length > 2 || !stem.endsWith(suffix)) return undefined;
  const bare = stem.slice(0, -suffix.length);
  const id = kind === "image" ? bare : idOfMask(bare, image);
  // The folder of a subject, and that of a session where there are sessions.
  const folders = above.reverse().join("_");
  if (!/^sub-/.test(folders) || !(id === folders || id.startsWith(`${folders}_`))) return undefined;
  if (!id.startsWith(prefix) || owns?.(id) === false) return undefined;
  return { name, site, id, kind, to: name };
}

/** Some name a mask after the whole image: `sub-01_T2w_dseg`. */
function idOfMask(stem: string, image: string): string {
  const bare = stem.replace(ofMasks, "");
  return bare.endsWith(`_${image}`) ? bare.slice(0, -image.length - 1) : bare;
}
