import { WorkbenchError } from "../../core/errors";
import { manifestRows } from "../sets/own/layouts/manifest";
import type { Modality } from "../sets/own/formats";
import { filesByFolder, split, type FoundFile } from "./files";
import { plainNames } from "./plain";
import { commonSuffixes, maskLike } from "./suffixes";

/** How the files of a folder seem to lie, in the words of a task. */
export interface Detected {
  readonly sites: readonly string[];
  readonly layout: Readonly<Record<string, unknown>> & { readonly kind: string };
}

type Folders = ReadonlyMap<string, readonly FoundFile[]>;

/** @returns the first layout that fits @param read of files that list others */
export function detectLayout(
  names: readonly string[],
  modality: Modality,
  read: (name: string) => Uint8Array,
): Detected | undefined {
  const folders = filesByFolder(names, modality);
  return detectManifest(names, read) ?? detectTraining(folders) ?? detectFolders(folders) ?? detectPairs(folders);
}

function detectManifest(names: readonly string[], read: (name: string) => Uint8Array): Detected | undefined {
  for (const file of names.filter((name) => /^[^/]+\.csv$/i.test(name))) {
    try {
      const sites = [...new Set(manifestRows(file, read(file)).map(({ site }) => site))].filter((site) => site !== "");
      return { sites, layout: { kind: "manifest", file } };
    } catch (error) {
      if (!(error instanceof WorkbenchError)) throw error; // a list of something else
    }
  }
  return undefined;
}

/** nnU-Net raw and the Decathlon: folders imagesTr with labelsTr beside them. */
function detectTraining(folders: Folders): Detected | undefined {
  const roots = [...folders.keys()].flatMap((folder) => {
    const [root, last] = split(folder);
    return last === "imagesTr" && folders.has(root === "." ? "labelsTr" : `${root}/labelsTr`) ? [root] : [];
  });
  if (roots.length === 0) return undefined;
  const images = roots.flatMap((root) => folders.get(root === "." ? "imagesTr" : `${root}/imagesTr`) ?? []);
  const numbered = images.filter(({ stem }) => /_\d{4}$/.test(stem)).length > images.length / 2;
  const stems = images.map(({ stem }) => (numbered ? stem.replace(/_\d{4}$/, "") : stem));
  return withSites(numbered ? { kind: "nnunet" } : { kind: "decathlon" }, roots, stems);
}

/** Images and masks in two folders side by side, in every site those of the same names. */
function detectFolders(folders: Folders): Detected | undefined {
  const found = new Map<string, string[]>();
  for (const folder of folders.keys()) {
    const [parent, masks] = split(folder);
    if (folder === "." || !maskLike.test(masks)) continue;
    const beside = [...folders.keys()].filter((each) => each !== "." && each !== folder && split(each)[0] === parent);
    const others = beside.map((each) => split(each)[1]).filter((each) => !maskLike.test(each));
    const images = others.find((each) => /image|img|scan|photo|raw/i.test(each)) ?? others[0];
    if (images === undefined) continue;
    const key = JSON.stringify([images, masks]);
    found.set(key, [...(found.get(key) ?? []), parent]);
  }
  const [best] = [...found].sort(([, a], [, b]) => b.length - a.length);
  if (!best) return undefined;
  const [images, masks] = JSON.parse(best[0]) as [string, string];
  const roots = best[1];
  const stemsOf = (last: string) =>
    roots.flatMap((root) => folders.get(root === "." ? last : `${root}/${last}`) ?? []).map(({ stem }) => stem);
  const suffixes = commonSuffixes(stemsOf(images), stemsOf(masks));
  return withSites({ kind: "folders", images, masks, ...suffixes }, roots, stemsOf(images));
}

/** Images and masks in one folder, told apart by the ends of their names. */
function detectPairs(folders: Folders): Detected | undefined {
  const paired = [...folders].filter(
    ([, files]) => files.some(({ stem }) => maskLike.test(stem)) && files.some(({ stem }) => !maskLike.test(stem)),
  );
  if (paired.length === 0) return undefined;
  const files = paired.flatMap(([, own]) => own);
  const stems = (masks: boolean) => files.filter(({ stem }) => maskLike.test(stem) === masks).map(({ stem }) => stem);
  const suffixes = commonSuffixes(stems(false), stems(true));
  if (suffixes.maskSuffix === "" || suffixes.maskSuffix === suffixes.imageSuffix) return undefined;
  const roots = paired.map(([folder]) => folder);
  return withSites({ kind: "pairs", ...suffixes }, roots, stems(false));
}

/** Of several folders each is a site; in one folder those of the same beginning. */
function withSites(layout: Detected["layout"], roots: readonly string[], stems: readonly string[]): Detected {
  if (roots.length > 1) {
    const names = roots.map((root) => split(root)[1].replace(/^(?:Dataset|Task)\d+_/i, ""));
    const sites = plainNames(names, "site");
    const mapped = sites.flatMap((site, place) => (site === roots[place] ? [] : [[site, { folder: roots[place] }]]));
    return { sites, layout: mapped.length === 0 ? layout : { ...layout, sites: Object.fromEntries(mapped) as object } };
  }
  const found = [...new Set(stems.map((stem) => stem.replace(/\d+[^\d]*$/, "")))].filter((each) => each !== "");
  // Names that are all different are no sites.
  const prefixes = found.length > 1 && 3 * found.length <= stems.length ? found : undefined;
  const sites = plainNames(prefixes ?? [split(roots[0])[1]], "site");
  const mapped = sites.map((site, place) => [site, { folder: roots[0], ...(prefixes && { prefix: prefixes[place] }) }]);
  return { sites, layout: { ...layout, sites: Object.fromEntries(mapped) as object } };
}
