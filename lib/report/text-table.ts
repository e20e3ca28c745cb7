import { cellText, type ResultTable } from "./table";

/** Draws a table for the terminal; the best of each column carries a star. */
export function textTable({ title, note, columns, rows }: ResultTable): string {
  const grid = [
    ["", ...columns],
    ...rows.map(({ label, cells }) => [label, ...cells.map((cell) => cellText(cell) + (cell.best ? "*" : " "))]),
  ];
  const widths = grid[0].map((_, column) => Math.max(...grid.map((line) => line[column].length)));
  const lines = grid.map((line) =>
    line
      .map((text, column) => (column === 0 ? text.padEnd(widths[0]) : text.padStart(widths[column])))
      .join("  ")
      .trimEnd(),
  );
  lines.splice(1, 0, "-".repeat(widths.reduce((sum, width) => sum + width + 2, -2)));
  return [title, ...lines, `${note}; * best as printed`].join("\n");
}
