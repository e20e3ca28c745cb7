import type { Layout } from "../../../task/layout-schema";
import type { ImportPlan } from "../../../set/plan";
import type { Modality } from "../formats";
import { planManifest } from "./manifest";
import { planPlaces, type Place } from "./places";

type BySite = Exclude<Layout, { kind: "manifest" }>;

/** @returns the cases of a task's sites among the names of files, as its layout says @param read of the file that lists them */
export function planLayout(
  layout: Layout,
  sites: readonly string[],
  modality: Modality,
  names: readonly string[],
  read?: (name: string) => Uint8Array,
): ImportPlan {
  if (layout.kind === "manifest") return planManifest(layout.file, sites, modality, names, read);
  const places = sites.flatMap((site) => placesOf(layout, site));
  return planPlaces(names, places, modality);
}

/** @returns a path inside a folder of the task, of which `.` is the whole */
const inside = (...folders: readonly string[]): string => folders.filter((each) => each !== ".").join("/") || ".";

function placesOf(layout: BySite, site: string): Place[] {
  const own = Object.hasOwn(layout.sites, site) ? layout.sites[site] : {};
  const { folder = site, prefix = "" } = own;
  const place = (images: string, masks: string, more: Partial<Place> = {}): Place => ({
    ...{ site, prefix, imageSuffix: "", maskSuffix: "", images: inside(folder, images), masks: inside(folder, masks) },
    ...more,
  });
  switch (layout.kind) {
    case "folders":
      return [place(layout.images, layout.masks, suffixesOf(layout))];
    case "pairs":
      return [place(".", ".", suffixesOf(layout))];
    case "nnunet": {
      // documentation/dataset_format.md of nnU-Net: four digits name the channel.
      const imageSuffix = `_${String(layout.channel).padStart(4, "0")}`;
      return [
        place("imagesTr", "labelsTr", { imageSuffix, part: "train" }),
        place("imagesTs", "labelsTs", { imageSuffix, part: "test", unlabelled: true }),
      ];
    }
    case "decathlon":
      return [place("imagesTr", "labelsTr"), place("imagesTs", "labelsTs", { unlabelled: true })];
  }
}

const suffixesOf = ({ imageSuffix, maskSuffix }: { readonly imageSuffix: string; readonly maskSuffix: string }) => ({
  imageSuffix,
  maskSuffix,
});
