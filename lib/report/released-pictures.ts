import { readPictures } from "../records/release/pictures";
import { readReleased } from "../records/release/released";
import type { RunRecord } from "../records/schema";
import { scoredCases, type SiteScores } from "../records/scored-cases";
import { isFederation, labelOf } from "./cases";
import type { PanelSlices } from "./slice-panel";

/** A case of a site as a method predicts it. */
export interface PictureWish {
  readonly site: string;
  /** Its id, or its label where it stands in an experiment several times. */
  readonly method: string;
  readonly case: string | undefined;
}

export interface ReleasedPicture extends PanelSlices {
  readonly title: string;
  readonly count: number;
  readonly aspect: number;
  readonly prediction: Uint8Array;
}

/** Answers with what is released of a case, nothing where the records are others than the released ones or the case is not among them. */
export type PictureOf = (records: readonly RunRecord[], wish: PictureWish) => ReleasedPicture | undefined;

/** @throws WorkbenchError when the release was changed */
export function releasedPictures(profile: string, experiment: string): PictureOf {
  const pictures = readPictures(profile, experiment);
  const released = readReleased(profile, experiment).records;
  return (records, wish) => {
    const record = scoredBy(records, wish)?.record;
    const known = record && released.get(record.question);
    if (known?.record.id !== record?.id) return undefined;
    const picture = pictures.find((each) => each.site === wish.site && each.case === wish.case);
    const prediction = known && picture?.predictions.get(known.name);
    return picture && prediction && { ...picture, title: `${wish.site} ${picture.case}`, prediction };
  };
}

/** @returns the records of one seed whose scores an experiment counts */
export const scoredAt = (records: readonly RunRecord[], kind: "inside" | "outside", seed: number): RunRecord[] =>
  records.filter((each) => each.seed === seed && isFederation(each) === (kind === "inside"));

/** @returns the record of a method that scores a site, with those scores */
export function scoredBy(
  records: readonly RunRecord[],
  { site, method }: Pick<PictureWish, "site" | "method">,
): { readonly record: RunRecord; readonly scores: SiteScores } | undefined {
  const named = records.filter((record) => record.method === method || labelOf(record) === method);
  return named
    .flatMap((record) => scoredCases(record).map((scores) => ({ record, scores })))
    .find(({ scores }) => scores.site === site);
}
