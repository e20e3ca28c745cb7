import { visible } from "../core/hostile-text";
import { cellText, type ResultTable } from "./table";
import { textColumns } from "./text-columns";

/** Draws a table for the terminal; the best of each column carries a star. */
export function textTable({ title, note, columns, rows, remarks = [] }: ResultTable): string {
  const grid = [
    ["", ...columns],
    ...rows.map(({ label, cells }) => [label, ...cells.map((cell) => cellText(cell) + (cell.best ? "*" : " "))]),
  ];
  const lines = textColumns(
    grid.map((line) => line.map(visible)),
    (column) => column > 0,
    true,
  );
  return [visible(title), ...lines, `${visible(note)}; * best as printed`, ...remarks.map(visible)].join("\n");
}
