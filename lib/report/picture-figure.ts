import { escapeHtml } from "../core/escape-html";
import { contactSheet, type Panel } from "../io/contact-sheet";
import { readTask, recordsOf, referenceOf, type Experiment, type Profile } from "../records/config";
import { caseAt, caseNames, type CaseName } from "../records/named-cases";
import type { RunRecord } from "../records/schema";
import { labelOf } from "./cases";
import { scrolling } from "./html";
import { releasedPictures, scoredAt } from "./released-pictures";
import { slicePanel } from "./slice-panel";

/** Screen pixels along each side of an image pixel: a page holds dozens of panels. */
const scale = 2;

/**
 * What the methods of an experiment drew, of released pictures: the median case of each site by every method, and below them the best and the
 * worst case by the reference. Needs neither data nor models. @returns nothing where no picture is released
 */
export function pictureFigure(experiment: Experiment, profile: Profile, records: readonly RunRecord[]): string {
  if (!isPictured(experiment)) return "";
  const { sites } = readTask(experiment.task);
  const scored = scoredAt(records, experiment.kind, profile.seeds[0]);
  const { id, variant } = referenceOf(experiment);
  const reference = labelOf({ method: id, variant });
  const released = releasedPictures(profile.id, recordsOf(experiment));
  const ids = new Map(caseNames.map((place) => [place, sites.map((site) => caseAt(scored, site, place))]));
  const rowOf = (method: string, place: CaseName): Panel[] => {
    const found = sites.map((site, index) => released(scored, { site, method, case: ids.get(place)?.[index] }));
    const name = place === "median" ? method : `${place} ${method}`;
    const panels = found.flatMap((each, index) =>
      each ? [{ ...slicePanel(each, Math.floor(each.count / 2), sites[index]), subtitle: name }] : [],
    );
    return panels.length === sites.length ? panels : [];
  };
  const medians = [...new Set(scored.map(labelOf))].flatMap((method) => rowOf(method, "median"));
  const panels = [...medians, ...rowOf(reference, "best"), ...rowOf(reference, "worst")];
  if (panels.length === 0) return "";
  const png = Buffer.from(contactSheet(panels, { columns: sites.length, scale })).toString("base64");
  const caption = `What was predicted (blue) beside the reference (amber), the middle slice: of each site the median case by every method, then the best and the worst by ${reference}. Which case that is, the mean Dice over the methods says.`;
  const alt = `predictions for ${sites.join(", ")}, a row for each method`;
  const image = `<img alt="${escapeHtml(alt)}" src="data:image/png;base64,${png}">`;
  return `<figure>${scrolling(`${experiment.id}: predictions`, image)}<figcaption>${escapeHtml(caption)}</figcaption></figure>`;
}

/** Where methods are what differs: looks at the runs of others would show their pictures again, and along an axis there are dozens of rows. */
export const isPictured = (experiment: Experiment): boolean =>
  experiment.kind === "outside" || (experiment.of === undefined && (experiment.shows ?? "ranks") === "ranks");
