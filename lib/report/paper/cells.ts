import { readExperiment, recordsOf, type Profile } from "../../records/config";
import { readRecords } from "../../records/read";
import type { Interval } from "../../stats/bootstrap";
import { labelOf } from "../cases";
import { oursOf } from "./ours";
import { notTranscribed, type PaperCell, type PaperMetric, type PaperRow, type PaperTable } from "./schema";
import { judge, type Judged } from "./verdict";

/** A place of a paper's table where a number is or may be. */
export interface PaperPlace {
  readonly row: PaperRow;
  readonly metric: PaperMetric;
  readonly column: PaperTable["columns"][number];
  readonly cell: Exclude<PaperCell, "none">;
}

export interface JudgedPlace extends PaperPlace {
  readonly ours: Interval | undefined;
  readonly judged: Judged;
}

/** @returns every place, row by row, without those where the paper has no number; a cell that is left out counts as not transcribed */
export function placesOf({ rows, metrics, columns }: PaperTable): PaperPlace[] {
  return rows.flatMap((row) =>
    metrics.flatMap((metric) =>
      columns.flatMap((column): PaperPlace[] => {
        const cell = row.cells[metric.id]?.[column.id] ?? notTranscribed;
        return cell === "none" ? [] : [{ row, metric, column, cell }];
      }),
    ),
  );
}

/** Sets a paper's table beside what was measured at a profile. @throws WorkbenchError when the table names an unknown experiment */
export function judgeTable(table: PaperTable, profile: Profile): JudgedPlace[] {
  const experiment = readExperiment(table.experiment);
  const places = placesOf(table);
  // Of a table of which nothing is transcribed no record is asked.
  const asks = places.some(({ cell }) => cell !== notTranscribed);
  const found = asks ? readRecords(profile.id, recordsOf(experiment)).records : [];
  const records = found.map(({ record }) => record);
  const ourData = profile.data.source === "phantom" ? "phantom" : "patients";
  return places.map((place) => {
    const { row, metric, column, cell } = place;
    const label = labelOf({ method: row.method, variant: row.variant });
    const ours =
      cell === notTranscribed
        ? undefined
        : oursOf(records, { kind: experiment.kind, label, metric, sites: column.sites });
    return { ...place, ours, judged: judge({ cell, metric, measuredOn: table.measuredOn, ours, ourData }) };
  });
}
