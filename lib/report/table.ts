/** A table of results before it is drawn as text, HTML, CSV or LaTeX. */
export interface ResultTable {
  readonly title: string;
  /** What the numbers are, how many cases they rest on, and how the models were selected. */
  readonly note: string;
  readonly columns: readonly string[];
  readonly rows: readonly ResultRow[];
}

export interface ResultRow {
  readonly label: string;
  readonly cells: readonly Cell[];
}

/** One number with its uncertainty; `undefined` when it was not measured. */
export interface Cell {
  readonly value: number | undefined;
  readonly digits: number;
  /** Bounds of the 95 % confidence interval. */
  readonly interval?: readonly [low: number, high: number];
  /** The best of its column, where that can be said. */
  readonly best?: boolean;
}

/** @returns `0.871` or `0.871 [0.842, 0.897]`; `–` for what was not measured */
export function cellText({ value, digits, interval }: Cell): string {
  if (value === undefined) return "–";
  const text = value.toFixed(digits);
  return interval ? `${text} [${interval.map((bound) => bound.toFixed(digits)).join(", ")}]` : text;
}

/** Marks the largest (or smallest) value of each column as it is printed; ties are all marked. */
export function markBest(rows: readonly ResultRow[], smallest: (column: number) => boolean): ResultRow[] {
  const bestOf = (column: number): string | undefined => {
    const values = rows.map(({ cells }) => cells[column]).filter((cell) => cell.value !== undefined);
    if (values.length < 2) return undefined;
    const sign = smallest(column) ? -1 : 1;
    const best = values.reduce((a, b) => (sign * (b.value as number) > sign * (a.value as number) ? b : a));
    return best.value?.toFixed(best.digits);
  };
  const best = rows[0]?.cells.map((_, column) => bestOf(column)) ?? [];
  return rows.map(({ label, cells }) => ({
    label,
    cells: cells.map((cell, column) => ({
      ...cell,
      best: cell.value !== undefined && cell.value.toFixed(cell.digits) === best[column],
    })),
  }));
}
