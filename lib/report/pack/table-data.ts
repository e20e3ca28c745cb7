import type { Cell, ResultTable } from "../table";
import type { DataSet } from "./column";

/** A table of the page, and whose it is. */
export interface NamedTable {
  readonly experiment: string;
  /** Of its files: `inside-prostate-1`. */
  readonly name: string;
  readonly table: ResultTable;
}

interface CellRow {
  readonly table: string;
  readonly experiment: string;
  readonly row: string;
  readonly column: string;
  readonly cell: Cell;
}

/** Every cell of every table, unrounded. */
export const tableData = (tables: readonly NamedTable[]): DataSet<CellRow> => ({
  name: "tables",
  description: "One row for each cell of each table of the page, unrounded.",
  rows: tables.flatMap(({ experiment, name, table }) =>
    table.rows.flatMap(({ label, cells }) =>
      cells.map((cell, at) => ({ table: name, experiment, row: label, column: table.columns[at], cell })),
    ),
  ),
  columns: [
    { name: "table", type: "text", description: "The name of its LaTeX file.", pick: ({ table }) => table },
    { name: "experiment", type: "text", description: "The experiment.", pick: ({ experiment }) => experiment },
    { name: "row", type: "text", description: "As the table names it.", pick: ({ row }) => row },
    { name: "column", type: "text", description: "As the table names it.", pick: ({ column }) => column },
    {
      name: "value",
      type: "number",
      description: "Empty: there is none, and notes say why.",
      pick: ({ cell }) => cell.value,
    },
    {
      name: "low",
      type: "number",
      description: "Lower bound of the 95 % interval.",
      pick: ({ cell }) => cell.interval?.[0],
    },
    {
      name: "high",
      type: "number",
      description: "Upper bound of the 95 % interval.",
      pick: ({ cell }) => cell.interval?.[1],
    },
    {
      name: "digits",
      type: "whole number",
      description: "Decimals that the table prints.",
      pick: ({ cell }) => cell.digits,
    },
    {
      name: "best",
      type: "text",
      description: "best: of its column, as printed; near: not significantly worse.",
      pick: ({ cell }) => (cell.best ? "best" : cell.near ? "near" : null),
    },
    {
      name: "notes",
      type: "text",
      description: "What must be read with the number, or in its place.",
      pick: ({ cell }) => cell.notes?.join("; "),
    },
  ],
});
