import type { Layout } from "../../../task/layout-schema";
import type { ImportPlan } from "../../../set/plan";
import type { Modality } from "../formats";
import { planBids, subjectOf, type BidsPlace } from "./bids";
import { planManifest } from "./manifest";
import { planPlaces, type Place } from "./places";
import { readSiteList } from "./site-list";

type BySite = Exclude<Layout, { kind: "manifest" }>;
type Bids = Extract<Layout, { kind: "bids" }>;

/** @returns the cases of a task's sites among the names of files, as its layout says @param read of the file that lists them */
export function planLayout(
  layout: Layout,
  sites: readonly string[],
  modality: Modality,
  names: readonly string[],
  read?: (name: string) => Uint8Array,
): ImportPlan {
  if (layout.kind === "manifest") return planManifest(layout.file, sites, modality, names, read);
  const list = readSiteList(layout, sites, layout.kind === "bids" ? subjectOf : (id) => id, names, read);
  const ownedBy = (site: string) => (list ? { owns: list.isOf(site) } : {});
  const plan =
    layout.kind === "bids"
      ? planBids(
          names,
          sites.map((site) => ({ ...bidsPlace(layout, site), ...ownedBy(site) })),
          modality,
        )
      : planPlaces(
          names,
          sites.flatMap((site) => placesOf(layout, site).map((place) => ({ ...place, ...ownedBy(site) }))),
          modality,
        );
  return list ? { ...plan, faults: [...list.faults, ...plan.faults], notes: [...list.notes, ...plan.notes] } : plan;
}

/** @returns a path inside a folder of the task, of which `.` is the whole */
const inside = (...folders: readonly string[]): string => folders.filter((each) => each !== ".").join("/") || ".";

/** A list tells sites apart that share a data set: that of the task itself. */
function rootOf({ sites, list }: BySite, site: string): { readonly folder: string; readonly prefix: string } {
  const own = Object.hasOwn(sites, site) ? sites[site] : {};
  return { folder: own.folder ?? (list ? "." : site), prefix: own.prefix ?? "" };
}

function bidsPlace(layout: Bids, site: string): BidsPlace {
  const { folder, prefix } = rootOf(layout, site);
  const { derivatives, datatype, image, mask } = layout;
  return { ...{ site, prefix, derivatives, datatype, image, mask }, root: folder };
}

function placesOf(layout: Exclude<BySite, Bids>, site: string): Place[] {
  const { folder, prefix } = rootOf(layout, site);
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
