import { WorkbenchError } from "../../core/errors";
import { manifestRows } from "../sets/own/layouts/manifest";
import type { Modality } from "../sets/own/formats";
import { detectBids } from "./detect-bids";
import { detectList } from "./detect-list";
import type { Detected } from "./detected";
import { filesByFolder, split, type FoundFile } from "./files";
import { commonSuffixes, maskLike } from "./suffixes";
import { withSites } from "./with-sites";

type Folders = ReadonlyMap<string, readonly FoundFile[]>;

/** @returns the first layout that fits @param read of files that list others */
export function detectLayout(
  names: readonly string[],
  modality: Modality,
  read: (name: string) => Uint8Array,
): Detected | undefined {
  const folders = filesByFolder(names, modality);
  return (
    detectManifest(names, read) ??
    detectBids(folders, names, read) ??
    detectTraining(folders, names, read) ??
    detectFolders(folders) ??
    detectPairs(folders)
  );
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

/** nnU-Net raw and the Decathlon: folders imagesTr with labelsTr beside them. A table may tell the sites of a single one. */
function detectTraining(
  folders: Folders,
  names: readonly string[],
  read: (name: string) => Uint8Array,
): Detected | undefined {
  const roots = [...folders.keys()].flatMap((folder) => {
    const [root, last] = split(folder);
    return last === "imagesTr" && folders.has(root === "." ? "labelsTr" : `${root}/labelsTr`) ? [root] : [];
  });
  if (roots.length === 0) return undefined;
  const images = roots.flatMap((root) => folders.get(root === "." ? "imagesTr" : `${root}/imagesTr`) ?? []);
  const numbered = images.filter(({ stem }) => /_\d{4}$/.test(stem)).length > images.length / 2;
  const stems = images.map(({ stem }) => (numbered ? stem.replace(/_\d{4}$/, "") : stem));
  const layout = { kind: numbered ? "nnunet" : "decathlon" };
  const listed = roots.length === 1 ? detectList(layout, roots[0], stems, names, read) : undefined;
  return listed ?? withSites(layout, roots, stems);
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
