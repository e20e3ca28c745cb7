import { parse } from "papaparse";
import { quote, WorkbenchError } from "../../../../core/errors";

/** Characters of a table: a list of 100 000 cases has about ten millions. */
const longest = 20_000_000;

/** The lines of a table as text, with what stands in their columns. */
export interface Table {
  /** Names of the columns, as they are written. */
  readonly head: readonly string[];
  /** Trimmed cells of each line behind the first, in the order of the columns asked for; nothing where a column is not there. */
  readonly rows: readonly (readonly string[])[];
}

/**
 * Reads a CSV file, or a TSV file by its name. Columns are found by their names, whatever the case of their letters.
 * @throws WorkbenchError when quotes are damaged, or a column that is needed is not there
 */
export function readTable(
  file: string,
  bytes: Uint8Array,
  columns: readonly string[],
  { optional = [], mend }: { readonly optional?: readonly string[]; readonly mend: string },
): Table {
  if (bytes.length > longest)
    throw new WorkbenchError(`${file} has ${bytes.length} bytes, more than ${longest}`, "give the list alone");
  const delimiter = /\.tsv$/i.test(file) ? "\t" : undefined;
  const { data, errors } = parse<string[]>(new TextDecoder().decode(bytes), { skipEmptyLines: false, delimiter });
  const fault = errors.find(({ type }) => type === "Quotes");
  if (fault) throw new WorkbenchError(`${file} line ${(fault.row ?? 0) + 1}: ${fault.message}`, "mend the quotes");
  const [head = [], ...body] = data;
  const places = columns.map((name) => head.findIndex((each) => each.trim().toLowerCase() === name.toLowerCase()));
  const lacking = columns.filter((name, i) => places[i] < 0 && !optional.includes(name));
  if (lacking.length > 0)
    throw new WorkbenchError(
      `${file} line 1: no column ${lacking.map(printableName).join(", ")}; there are ${head.slice(0, 10).map(quote).join(", ") || "none"}`,
      mend,
    );
  const rows = body.map((row) => places.map((place) => (place < 0 ? "" : (row[place] ?? "").trim())));
  while (rows.length > 0 && rows[rows.length - 1].every((cell) => cell === "")) rows.pop();
  return { head, rows };
}

const printableName = (name: string) => (/^\w+$/.test(name) ? name : quote(name));
