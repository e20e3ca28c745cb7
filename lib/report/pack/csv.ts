import { printableLines } from "../../core/escape-html";

/**
 * What spreadsheets take for the start of a formula, also as full-width characters and behind spaces
 * (https://owasp.org/www-community/attacks/CSV_Injection).
 */
const formula = /^[\s\u00a0\u3000]*[=+\-@＝＋－＠]/;

/**
 * Writes a table as RFC 4180 has it. Text that a spreadsheet would compute gets an apostrophe before it; numbers are written as they are,
 * to the last bit.
 * @param rows null is an empty cell
 * @throws RangeError for a number that is not finite
 */
export function csvText(head: readonly string[], rows: readonly (readonly (string | number | null)[])[]): string {
  return [head, ...rows].map((cells) => `${cells.map(cellText).join(",")}\r\n`).join("");
}

function cellText(cell: string | number | null): string {
  if (cell === null) return "";
  if (typeof cell === "number") {
    if (!Number.isFinite(cell)) throw new RangeError(`no number for a table: ${cell}`);
    return String(cell);
  }
  const text = printableLines(cell);
  const safe = formula.test(text) ? `'${text}` : text;
  return /[",\r\n]|^\s|\s$/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}
