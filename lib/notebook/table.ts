import { printable, WorkbenchError } from "../core/errors";
import { htmlTableOf } from "../report/html-table";
import { textColumns } from "../report/text-columns";
import { createBundle, type Bundle } from "./bundle";

type Row = Readonly<Record<string, unknown>>;

/** What a danfo.js data frame or series shows of itself. */
interface Frame {
  readonly columns: readonly string[];
  readonly index: readonly (string | number)[];
  /** Rows of a data frame; the plain values of a series. */
  readonly values: readonly unknown[];
}

/** How a table is shown; everything has a default. */
export interface TableOptions {
  readonly caption?: string;
  /** Which columns, in this order; all of the first row's if absent. */
  readonly columns?: readonly string[];
  /** Decimals of numbers that are not whole. */
  readonly digits?: number;
  /** Cells to stress, for example each column's best. */
  readonly highlight?: (value: unknown, row: Row, column: string) => boolean;
  /** How many rows are shown at most; the table says how many it leaves out. */
  readonly maxRows?: number;
}

/**
 * A table without scripts or colours of its own: readable in every front end, dark or light.
 * @param rows records with the same fields, or a danfo.js data frame
 * @throws WorkbenchError when there is nothing to show or an unknown column is asked for
 */
export function table(rows: readonly object[] | object, options: TableOptions = {}): Bundle {
  const { caption, digits = 3, highlight = () => false, maxRows = 100 } = options;
  const all = (isFrame(rows) ? frameRows(rows) : rows) as readonly Row[];
  if (!Array.isArray(all) || (all.length === 0 && !options.columns && !isFrame(rows)))
    throw new WorkbenchError("a table without rows", "pass records, or name the columns");
  const columns = options.columns ?? namesOf(rows, all);
  const unknown = columns.find((column) => all.length > 0 && !(column in all[0]));
  if (unknown !== undefined)
    throw new WorkbenchError(`no column "${unknown}"`, `use one of ${Object.keys(all[0]).join(", ")}`);

  const shown = all.slice(0, maxRows);
  const cells = shown.map((row) =>
    columns.map((column) => ({ text: format(row[column], digits), stressed: highlight(row[column], row, column) })),
  );
  const right = columns.map(
    (_, index) => cells.length > 0 && cells.every((row) => /^([-+−]?\.?\d|NaN|–|∞)/.test(row[index].text)),
  );
  const rest =
    all.length > shown.length ? `${all.length - shown.length} more rows` : all.length === 0 ? "no rows" : undefined;
  return createBundle({
    "text/html":
      htmlTableOf({ caption, columns, rows: cells, right: (column) => right[column] }) + (rest ? `<p>${rest}</p>` : ""),
    "text/plain": toText(columns, cells, right, caption, rest),
  });
}

/** A data frame knows its columns also where a filter has left no rows. */
function namesOf(rows: readonly object[] | object, all: readonly Row[]): readonly string[] {
  return all.length === 0 && isFrame(rows) ? rows.columns : Object.keys(all[0]);
}

export function isFrame(value: unknown): value is Frame {
  const { columns, index, values } = (value ?? {}) as Partial<Frame>;
  return typeof value === "object" && Array.isArray(columns) && Array.isArray(index) && Array.isArray(values);
}

function frameRows({ columns, index, values }: Frame): Row[] {
  const numbered = index.every((label, position) => label === position);
  return values.map((row, position) => {
    const fields = Array.isArray(row)
      ? columns.map((column, place) => [column, row[place] as unknown])
      : [[columns[0], row]];
    return Object.fromEntries(numbered ? fields : [["", index[position]], ...fields]) as Row;
  });
}

type Cell = { readonly text: string; readonly stressed: boolean };

function toText(
  columns: readonly string[],
  rows: readonly Cell[][],
  right: readonly boolean[],
  caption?: string,
  rest?: string,
): string {
  const texts = rows.map((row) => row.map(({ text, stressed }) => printable(stressed ? `*${text}` : text)));
  const lines = textColumns([columns.map(printable), ...texts], (column) => right[column], true);
  return [...(caption ? [printable(caption)] : []), ...lines, ...(rest ? [rest] : [])].join("\n");
}

function format(value: unknown, digits: number): string {
  if (value === undefined || value === null) return "–";
  if (typeof value !== "number" || Number.isInteger(value) || Number.isNaN(value)) return String(value);
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "-∞";
  const fixed = value.toFixed(digits);
  // A small number must not look like nothing.
  return Number(fixed) === 0 ? value.toExponential(Math.max(0, digits - 1)) : fixed;
}
