import { percentile } from "../../core/percentile";
import { middlePlane } from "../../data/set/batches";
import type { SiteData, SliceSet } from "../../data/set/types";
import { allValues, type Values } from "../../data/set/values";
import { scoreCases } from "../../federation/evaluate/evaluation";
import { loadSites } from "../../records/dataset";
import type { FoundRecord } from "../../records/found";
import { caseAt, caseNames } from "../../records/named-cases";
import { readPictures, type Picture } from "../../records/release/pictures";
import { readReleased } from "../../records/release/released";
import { scoredCases } from "../../records/scored-cases";
import { scoredSlices } from "../jobs/predictions";
import type { ExperimentPlan } from "../plan/plan-experiment";
import { masksHere } from "./masks-here";

interface PictureOptions {
  readonly signal?: AbortSignal;
  readonly log: (line: string) => void;
}

/**
 * The best, median and worst case of every site with what each method predicts for it at the first seed, from models that are here or from
 * what was released before. A mask is taken where it has the very Dice that its record has; what is left out is said. Of patients there are no
 * pictures.
 */
export async function gatherPictures(
  plan: ExperimentPlan,
  all: readonly FoundRecord[],
  { signal, log }: PictureOptions,
): Promise<readonly Picture[]> {
  const { experiment, profile, task, data } = plan;
  if (profile.data.source !== "phantom") return [];
  const kind = experiment.kind === "inside" ? "federation" : "adaptation";
  const records = all.filter(({ record }) => record.kind === kind && record.seed === profile.seeds[0]);
  const sites = loadSites(task, profile.data, data.folder);
  const here = await masksHere(plan, records, sites, signal);
  const before = masksBefore(profile.id, experiment.id);
  const left = new Set<string>();
  const pictures = task.sites.flatMap((site) => {
    const set = scoredSlices({ kind }, sites.get(site) as SiteData);
    const ids = caseNames.map((place) => caseAt(records.map(({ record }) => record), site, place)); // prettier-ignore
    return [...new Set(ids)].flatMap((id) => {
      const shown = set.cases.findIndex((each) => each.id === id);
      if (id === undefined || shown < 0) return [];
      const one = only(set, shown);
      const predictions = records.flatMap(({ name, record }): [string, Uint8Array][] => {
        const scored = scoredCases(record).find((each) => each.site === site);
        const dice = scored?.cases.find((each) => each.id === id)?.dice;
        if (dice === undefined) return [];
        const candidates = [cut(here(name, site), set, shown), before(name, record.id, site, id)];
        const mask = candidates.find((each) => each && scoreCases(each, one, false)[0].dice === dice);
        if (mask) return [[name, mask]];
        left.add(name);
        return [];
      });
      return [{ ...drawn(one), predictions: new Map(predictions) }];
    });
  });
  if (left.size > 0)
    log(`${experiment.id}: no masks of ${[...left].join(", ")}: no model on this machine gives what was scored`);
  return pictures;
}

/** @returns released masks of records that are the same still */
function masksBefore(profile: string, experiment: string) {
  const pictures = readPictures(profile, experiment);
  const ids = new Map(
    [...readReleased(profile, experiment).records.values()].map(({ name, record }) => [name, record.id]),
  );
  return (name: string, id: string, site: string, caseId: string): Uint8Array | undefined =>
    ids.get(name) === id
      ? pictures.find((each) => each.site === site && each.case === caseId)?.predictions.get(name)
      : undefined;
}

/** The part of a set's masks that is one case. */
function cut(
  masks: Values<Uint8Array> | undefined,
  { cases, height, width }: SliceSet,
  place: number,
): Uint8Array | undefined {
  const { first, count } = cases[place];
  return masks?.subarray(first * height * width, (first + count) * height * width);
}

/** A set of one case alone; its planes are the set's. */
function only(set: SliceSet, place: number): SliceSet {
  const span = set.cases[place];
  const stack = set.stack.subarray(span.first * set.channels, (span.first + span.count) * set.channels);
  const masks = cut(set.masks, set, place) as Uint8Array;
  return { ...set, count: span.count, stack, masks, cases: [{ ...span, first: 0 }] };
}

/** What is seen of the only case of a set: grey values between its extremes, a thousandth of the pixels apart. */
function drawn(set: SliceSet): Omit<Picture, "predictions"> {
  const { site, count, height, width, masks, cases } = set;
  const values = new Float32Array(count * height * width);
  for (let slice = 0; slice < count; slice++) values.set(middlePlane(set, slice), slice * height * width);
  const [black, white] = [percentile(values, 0.001), percentile(values, 0.999)];
  const grey = (value: number) =>
    Math.max(0, Math.min(255, Math.round((255 * (value - black)) / (white - black || 1))));
  const [{ id, spacing }] = cases;
  const shape = { site, case: id, count, height, width, aspect: spacing[1] / spacing[2] };
  return { ...shape, pixels: Uint8Array.from(values, grey), truth: allValues(masks) };
}
