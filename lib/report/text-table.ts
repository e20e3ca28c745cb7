import { printable } from "../core/errors";
import { cellText, nearNote, type ResultTable } from "./table";
import { textColumns } from "./text-columns";

/** Draws a table for the terminal; the best of each column carries a star. */
export function textTable({ title, note, columns, rows, remarks = [] }: ResultTable): string {
  const grid = [
    ["", ...columns],
    ...rows.map(({ label, cells }) => [
      label,
      ...cells.map((cell) => cellText(cell) + (cell.best ? "*" : cell.near ? "~" : " ")),
    ]),
  ];
  const lines = textColumns(
    grid.map((line) => line.map(printable)),
    (column) => column > 0,
    true,
  );
  const near = rows.some(({ cells }) => cells.some((cell) => cell.near)) ? `; ~ ${nearNote}` : "";
  return [printable(title), ...lines, `${printable(note)}; * best as printed${near}`, ...remarks.map(printable)].join(
    "\n",
  );
}
