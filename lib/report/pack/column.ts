/** A column of a data file: what it holds, and how it is had of a row. */
export interface Column<Row> {
  readonly name: string;
  readonly type: "text" | "number" | "whole number";
  readonly unit?: string;
  /** In a sentence, for the data dictionary. */
  readonly description: string;
  pick(row: Row): string | number | null | undefined;
}

/** Rows of one kind, to be written in several formats. */
export interface DataSet<Row> {
  readonly name: string;
  readonly description: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
}

/** Every cell of a data set, row by row; null where there is no value. */
export const valuesOf = <Row>({ columns, rows }: DataSet<Row>): (string | number | null)[][] =>
  rows.map((row) => columns.map(({ pick }) => pick(row) ?? null));
