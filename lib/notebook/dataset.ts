import { domainGap, intensities } from "../data/measure/domain-gap";
import { sitePanels } from "../data/set/panels";
import type { Part, SiteData, SliceSet } from "../data/set/types";
import { allValues } from "../data/set/values";
import { contactSheet } from "../io/contact-sheet";
import { readProfile, readTask } from "../records/config";
import { loadSites, prepareTask } from "../records/dataset";
import { profileOn } from "../records/own-data";
import { presentation, type Bundle } from "./bundle";
import { image } from "./image";
import { inMarkdown, markdown } from "./markdown";
import { send } from "./show";
import { slices, stackOfCase } from "./slices";
import { table } from "./table";

interface PartCounts {
  readonly site: string;
  readonly part: Part;
  readonly cases: number;
  /** Slices that show what is to be found; photographs. */
  readonly slices: number;
  /** Share of their pixels that lie in it, 0 to 1. */
  readonly labelled: number;
}

/** The prepared images of a task: what the network sees. */
export interface Dataset {
  readonly sites: readonly SiteData[];
  /** One row for each site and part. */
  readonly counts: readonly PartCounts[];
  /** Three slices of every site side by side, with the outline of the reference. */
  sheet(): Bundle;
  /** A case to look through slice by slice. @param place which of the site's cases in that part, from 0 */
  viewer(site: string, part?: Part, place?: number): Bundle;
  /** Normalised intensities of a site's training slices. @param channel of photographs 0 red, 1 green (default), 2 blue */
  intensities(site: string, within: "prostate" | "image", channel?: number): Float32Array;
  /** How far the intensities of every two sites lie apart (Wasserstein-1, in units of standard deviation). */
  gap(within: "prostate" | "image"): readonly { readonly a: string; readonly b: string; readonly distance: number }[];
}

const partNames: readonly Part[] = ["train", "validation", "test"];

/**
 * Reads the data of a task at the size of a profile; writes the phantom first if it is missing. Says what was read.
 * @param taskId of a file in configs/tasks
 * @throws WorkbenchError when an id is unknown (with those that are known), or real data are not there
 */
export function dataset(taskId: string, { profile: profileId }: { profile: string }): Dataset {
  const task = readTask(taskId);
  const { data } = profileOn(task, readProfile(profileId));
  const { folder, dataHash } = prepareTask(task, data, (line) => process.stdout.write(`${line}\n`));
  const sites = [...loadSites(task, data, folder).values()];
  const train = sites.map(({ parts }) => parts.train);
  const size = `${data.side}x${data.side} pixels`;
  const origin = `${inMarkdown(data.source)}, profile \`${profileId}\`, ${size}, reading \`${data.reading}\`; data hash \`${dataHash}\``;
  send(markdown(`*${inMarkdown(task.title)}: ${origin}.*`));
  const counts = sites.flatMap(({ site, parts }) => partNames.map((part) => ({ site, part, ...sizeOf(parts[part]) })));
  return {
    sites,
    counts,
    // The data alone as a cell's last value: how much of everything there is.
    ...{ [presentation]: () => table(counts, { caption: `${task.title}: ${origin.replaceAll("`", "")}` }) },
    sheet: () =>
      image(contactSheet(sitePanels(train), { columns: sites.length }), { alt: "slices of every site", width: 960 }),
    viewer(site, part = "test", place = 0) {
      const sets = sites.map(({ parts }) => parts[part]);
      return slices(stackOfCase(siteNamed(sets, site), place));
    },
    intensities: (site, within, channel) => intensities(siteNamed(train, site), within, channel),
    gap(within) {
      const distances = domainGap(train, within);
      const names = sites.map(({ site }) => site);
      return names.flatMap((a, row) => names.map((b, column) => ({ a, b, distance: distances[row][column] })));
    },
  };
}

function sizeOf({ cases, count, masks }: SliceSet): Omit<PartCounts, "site" | "part"> {
  const inside = allValues(masks).reduce((sum, label) => sum + Math.min(label, 1), 0);
  return { cases: cases.length, slices: count, labelled: inside / masks.length };
}

function siteNamed(sets: readonly SliceSet[], site: string): SliceSet {
  const found = sets.find((set) => set.site === site);
  if (!found) throw new RangeError(`no site "${site}" among ${sets.map((set) => set.site).join(", ")}`);
  return found;
}
