/**
 * Sets texts in columns for the terminal, two spaces apart.
 * @param grid `[line][column]`
 * @param right which columns end at the same place, as numbers do; the others begin there
 * @param ruled whether the first line is a head, with a rule below
 */
export function textColumns(
  grid: readonly (readonly string[])[],
  right: (column: number) => boolean,
  ruled = false,
): string[] {
  const widths = (grid[0] ?? []).map((_, column) => Math.max(...grid.map((line) => line[column].length)));
  const lines = ruled ? [grid[0], widths.map((width) => "-".repeat(width)), ...grid.slice(1)] : grid;
  return lines.map((line) =>
    line
      .map((text, column) => (right(column) ? text.padStart(widths[column]) : text.padEnd(widths[column])))
      .join("  ")
      .trimEnd(),
  );
}
