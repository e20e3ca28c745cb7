/** A table of results before it is drawn as text or HTML. */
export interface ResultTable {
  readonly title: string;
  /** What the numbers are, how many cases they rest on, and how the models were selected. */
  readonly note: string;
  readonly columns: readonly string[];
  readonly rows: readonly ResultRow[];
  /** What a reader must know of single rows: runs that diverged, numbers that seem to contradict each other. */
  readonly remarks?: readonly string[];
}

export interface ResultRow {
  readonly label: string;
  readonly cells: readonly Cell[];
}

/** One number with its uncertainty; `undefined` when there is none. */
export interface Cell {
  readonly value: number | undefined;
  readonly digits: number;
  /** Bounds of the 95 % confidence interval. */
  readonly interval?: readonly [low: number, high: number];
  /** The best of its column, where that can be said. */
  readonly best?: boolean;
  /** Not the best, but not significantly worse: see `nearNote`. */
  readonly near?: boolean;
  /** What must be read with the number, in brackets, or in its place: `n 18`, `diverged`. */
  readonly notes?: readonly string[];
}

/** What `near` means. */
export const nearNote = "not significantly worse than the best (signed-rank over cases, Holm, p at least 0.05)";

/** A p that would be printed as 0 is said to be below this. */
const leastPrinted = 0.0001;

/** @returns `p` of a test as it is printed; nothing where there is none */
export const probabilityCell = (p: number | undefined): Cell =>
  p !== undefined && p < leastPrinted
    ? { value: undefined, digits: 4, notes: [`< ${leastPrinted}`] }
    : { value: p, digits: 4 };

/** @returns what follows "p is" in a sentence: `0.0312`, `below 0.0001` */
export const probabilityWords = (p: number): string => (p < leastPrinted ? `below ${leastPrinted}` : p.toFixed(4));

/** @returns `0.871`, `0.871 [0.842, 0.897]` or `9.1 (n 18)`; without a value its notes, and `–` for what was not measured */
export function cellText(cell: Cell): string {
  const { number, notes } = cellParts(cell);
  return notes === undefined ? number : `${number} (${notes})`;
}

/** The number as printed, or what stands in its place, and what must be read with it. */
export function cellParts({ value, digits, interval, notes = [] }: Cell): { number: string; notes?: string } {
  if (value === undefined) return { number: notes.join(", ") || "–" };
  const bounds = interval ? ` [${interval.map((bound) => bound.toFixed(digits)).join(", ")}]` : "";
  return { number: value.toFixed(digits) + bounds, ...(notes.length > 0 ? { notes: notes.join(", ") } : {}) };
}
