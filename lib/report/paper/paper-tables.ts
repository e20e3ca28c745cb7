import type { Profile } from "../../records/config";
import { labelOf } from "../cases";
import type { Cell, ResultRow, ResultTable } from "../table";
import { judgeTable, type JudgedPlace } from "./cells";
import { readPaperTables, type PaperFile } from "./read";
import { notTranscribed, type PaperMetric, type PaperTable } from "./schema";
import { numberOf } from "./verdict";

const words = (text: string): Cell => ({ value: undefined, digits: 0, notes: [text] });
const digitsOf = ({ unit }: PaperMetric) => (unit === "fraction" ? 3 : 2);

/** A table of the paper beside ours. */
export interface PaperBeside {
  readonly file: string;
  readonly title: string;
  readonly cells: number;
  readonly transcribed: number;
  /** One row for each number that was transcribed; `undefined` while there is none. */
  readonly table: ResultTable | undefined;
  readonly places: readonly JudgedPlace[];
}

/** Every table of the paper beside what was measured at a profile. @throws WorkbenchError for a table that is not valid */
export function paperBeside(profile: Profile, files: readonly PaperFile[] = readPaperTables()): PaperBeside[] {
  return files.map(({ file, table }) => {
    const places = judgeTable(table, profile);
    const told = places.filter(({ cell }) => cell !== notTranscribed);
    const drawn = told.length === 0 ? undefined : drawTable(table, told, profile);
    return { file, title: table.title, cells: places.length, transcribed: told.length, table: drawn, places };
  });
}

function drawTable(table: PaperTable, places: readonly JudgedPlace[], profile: Profile): ResultTable {
  const where = table.where === notTranscribed ? "where in the paper is not transcribed" : table.where;
  return {
    title: `${table.title}: the paper beside ours`,
    note: `the paper: ${where}, measured on ${table.measuredOn}; ours: profile ${profile.id}, mean over sites of the mean over cases and seeds, 95 % interval by bootstrap over cases within sites and over seeds; reproduced: the paper's number lies in the interval; close: within ${tolerances(table)}`,
    columns: ["paper", "ours [95 %]", "difference", "verdict"],
    rows: places.map(rowOf),
    remarks: places.filter(({ judged }) => judged.wantsNote).map(wantsNote),
  };
}

const tolerances = ({ metrics }: PaperTable) =>
  metrics.map(({ id, tolerance, unit }) => `${tolerance} ${unit} for ${id}`).join(", ");

function rowOf({ row, metric, column, cell, ours, judged }: JudgedPlace): ResultRow {
  const digits = digitsOf(metric);
  const { value, deviation } = numberOf(cell as Parameters<typeof numberOf>[0]);
  // A phantom's number stands beside a patient's only as far as the verdict allows: no difference is taken.
  const apart = judged.verdict === "not comparable" ? undefined : ours;
  const called = row.called === notTranscribed ? "" : ` (“${row.called}”)`;
  return {
    label: `${labelOf({ method: row.method, variant: row.variant })}${called}, ${column.id}, ${metric.id} (${metric.unit})`,
    cells: [
      { value, digits, ...(deviation === undefined ? {} : { notes: [`± ${deviation}`] }) },
      {
        value: ours?.mean,
        digits,
        ...(ours && !Number.isNaN(ours.low) ? { interval: [ours.low, ours.high] as const } : {}),
      },
      { value: apart && apart.mean - value, digits },
      words(judged.note === undefined ? judged.verdict : `${judged.verdict}: ${judged.note}`),
    ],
  };
}

/** @returns what must be written where, for a verdict that does not stand without it */
export const wantsNote = ({ row, metric, column, judged }: JudgedPlace): string =>
  `${labelOf({ method: row.method, variant: row.variant })}, ${metric.id}, ${column.id}: ${judged.verdict}, and no note says why; write { value: ..., note: ... }`;
