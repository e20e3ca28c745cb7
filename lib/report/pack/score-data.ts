import type { AdaptationRecord, RunRecord } from "../../records/schema";
import { isFederation } from "../cases";
import type { DataSet } from "./column";

/** A mask's scores: of a whole case, or of one structure of it. */
interface ScoreRow {
  readonly run: string;
  readonly site: string;
  readonly part: string;
  readonly model: string;
  readonly of?: string;
  readonly epoch?: number;
  readonly case: string;
  readonly slices: number;
  readonly structure?: string;
  readonly dice: number;
  readonly officialDice: number;
  readonly hd95: number | null;
  readonly assd: number | null;
  readonly undefinedBecause?: string;
}

/** Every score of every case, also those that no table counts: of validation, of the global model, of earlier passes. */
export const scoreData = (records: readonly RunRecord[]): DataSet<ScoreRow> => ({
  name: "scores",
  description:
    "One row for each scored mask. Tables count part test, model personal (inside) and the last epoch (outside).",
  rows: records.flatMap(scoresOf),
  columns: [
    { name: "run", type: "text", description: "The run: a row of runs.csv.", pick: ({ run }) => run },
    { name: "site", type: "text", description: "Whose case it is.", pick: ({ site }) => site },
    { name: "part", type: "text", description: "validation, test, or held out.", pick: ({ part }) => part },
    {
      name: "model",
      type: "text",
      description: "personal: the client's own; global; adapted.",
      pick: ({ model }) => model,
    },
    { name: "of", type: "text", description: "Whose model, at a site that it never met.", pick: ({ of }) => of },
    {
      name: "epoch",
      type: "whole number",
      description: "Pass over the held-out site, from 1.",
      pick: ({ epoch }) => epoch,
    },
    { name: "case", type: "text", description: "The patient or photograph.", pick: (row) => row.case },
    { name: "slices", type: "whole number", description: "Of the case.", pick: ({ slices }) => slices },
    {
      name: "structure",
      type: "text",
      description: "Empty: the case, where there are several structures their mean.",
      pick: ({ structure }) => structure,
    },
    {
      name: "dice",
      type: "number",
      unit: "0 to 1",
      description: "Foreground Dice over the whole volume.",
      pick: ({ dice }) => dice,
    },
    {
      name: "official_dice",
      type: "number",
      unit: "0 to 1",
      description: "As the authors' code takes it: mean over background and foreground, by slice.",
      pick: (row) => row.officialDice,
    },
    {
      name: "hd95",
      type: "number",
      unit: "mm; fundus: px of 384 x 384",
      description: "95th percentile of surface distances.",
      pick: ({ hd95 }) => hd95,
    },
    {
      name: "assd",
      type: "number",
      unit: "mm; fundus: px of 384 x 384",
      description: "Average symmetric surface distance.",
      pick: ({ assd }) => assd,
    },
    {
      name: "undefined_because",
      type: "text",
      description: "Why there is no distance.",
      pick: (row) => row.undefinedBecause,
    },
  ],
});

function scoresOf(record: RunRecord): ScoreRow[] {
  const run = record.id;
  if (isFederation(record))
    return record.scores.flatMap(({ site, part, model, of, cases }) =>
      cases.flatMap((scored) => rowsOf({ run, site, part, model, of }, scored)),
    );
  return record.epochs.flatMap(({ epoch, cases }) =>
    cases.flatMap((scored) => rowsOf({ run, site: record.heldOut, part: "held out", model: "adapted", epoch }, scored)),
  );
}

type Head = Pick<ScoreRow, "run" | "site" | "part" | "model" | "of" | "epoch">;

function rowsOf(head: Head, scored: AdaptationRecord["epochs"][number]["cases"][number]): ScoreRow[] {
  const { id, slices, structures = {}, ...scores } = scored;
  const whole = { ...head, case: id, slices, ...scores };
  return [whole, ...Object.entries(structures).map(([structure, of]) => ({ ...whole, ...of, structure }))];
}
