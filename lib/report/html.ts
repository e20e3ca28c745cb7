import { createHash } from "node:crypto";
import { escapeHtml } from "../core/escape-html";
import { liveMark } from "./draw-once";
import { htmlTableOf } from "./html-table";
import { pageStyle } from "./page-style";
import { drawingScripts, liveScript } from "./live-script";
import { pageScript } from "./page-script";
import { withoutMark } from "./rises";
import { cellParts, nearNote, type Cell, type ResultTable } from "./table";

/**
 * Draws a table as HTML; the best of each column is bold, what is not significantly worse has a line beneath. Where it is too wide it
 * scrolls, by keys as well.
 * @param links by label where the page says more of a row
 */
export function htmlTable(
  { title, note, columns, rows, remarks = [] }: ResultTable,
  links: ReadonlyMap<string, string> = new Map(),
): string {
  const table = htmlTableOf({
    caption: title,
    columns: ["method", ...columns],
    rows: rows.map(({ label, cells }) => [
      { text: label, href: links.get(withoutMark(label)) },
      ...cells.map((cell) => {
        const { number, notes } = cellParts(cell);
        return { text: number, stressed: cell.best, near: cell.near, detail: notes };
      }),
    ]),
    right: (column) => column > 0,
    named: true,
  });
  const any = (which: (cell: Cell) => boolean | undefined) => rows.some(({ cells }) => cells.some(which));
  const best =
    (any((cell) => cell.best) ? "; best as printed in bold" : "") +
    (any((cell) => cell.near) ? `; underlined: ${nearNote}` : "");
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

/**
 * Wraps a page that needs no network. Its scripts sort, filter and draw what is there, and the page is whole without them: nothing but
 * those, by their hashes, can run.
 * @param body HTML; figures in it that can be explored bring what draws them along
 */
export function htmlPage(title: string, body: string): string {
  const scripts = [pageScript, ...(body.includes(liveMark) ? [...drawingScripts(), liveScript] : [])];
  const hashes = scripts.map((script) => ` 'sha256-${createHash("sha256").update(script).digest("base64")}'`);
  const skip = `<a class="skip" href="#claims">Skip to the answer</a>`;
  const run = scripts.map((script) => `<script>${script}</script>`).join("");
  return shell(title, `${skip}<main>${body}</main>${run}`, ` script-src${hashes.join("")};`);
}

/** The same without any script, for readers behind a hospital's walls: nothing is loaded, nothing can be sent. @param body HTML */
export const plainPage = (title: string, body: string): string => shell(title, `<main>${body}</main>`, "");

function shell(title: string, content: string, scripts: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none';${scripts} style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'">
<title>${escapeHtml(title)}</title><style>${pageStyle}</style></head>
<body>${content}</body></html>
`;
}
