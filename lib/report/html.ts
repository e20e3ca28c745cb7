import { escapeHtml } from "../core/escape-html";
import { htmlTableOf } from "./html-table";
import { pageStyle } from "./page-style";
import { cellParts, type ResultTable } from "./table";

/** Draws a table as HTML without scripts; the best of each column is bold. Where it is too wide it scrolls, by keys as well. */
export function htmlTable({ title, note, columns, rows, remarks = [] }: ResultTable): string {
  const table = htmlTableOf({
    caption: title,
    columns: ["method", ...columns],
    rows: rows.map(({ label, cells }) => [
      { text: label },
      ...cells.map((cell) => {
        const { number, notes } = cellParts(cell);
        return { text: number, stressed: cell.best, detail: notes };
      }),
    ]),
    right: (column) => column > 0,
    named: true,
  });
  const best = rows.some(({ cells }) => cells.some((cell) => cell.best)) ? "; best as printed in bold" : "";
  return `<figure>${scrolling(title, table, columns.length > narrow)}<figcaption>${escapeHtml(note + best)}${htmlList(remarks)}</figcaption></figure>`;
}

/** Columns of numbers that a phone shows beside a name. */
const narrow = 3;

/**
 * A part of the page that scrolls sideways by itself where the screen is narrower; named and in reach of the keyboard.
 * @param wide whether it is too wide for a phone, which its caption then says
 */
export function scrolling(name: string, content: string, wide = true): string {
  return `<div class="scroll${wide ? " wide" : ""}" role="region" tabindex="0" aria-label="${escapeHtml(name)}">${content}</div>`;
}

/** Lines of text as a list; nothing when there are none. */
export function htmlList(lines: readonly string[]): string {
  const items = lines.map((line) => `<li>${escapeHtml(line)}</li>`).join("");
  return lines.length === 0 ? "" : `<ul>${items}</ul>`;
}

/** Terms and what there is to say of each. */
export function htmlDefinitions(fields: Readonly<Record<string, string>>): string {
  const items = Object.entries(fields).map(
    ([term, text]) => `<dt>${escapeHtml(term)}</dt><dd>${escapeHtml(text)}</dd>`,
  );
  return items.length === 0 ? "" : `<dl>${items.join("")}</dl>`;
}

/** Wraps a page that needs no network and runs no script. */
export function htmlPage(title: string, body: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'">
<title>${escapeHtml(title)}</title><style>${pageStyle}</style></head>
<body><main>${body}</main></body></html>
`;
}
