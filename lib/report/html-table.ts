import { escapeHtml } from "../core/escape-html";

export interface HtmlCell {
  readonly text: string;
  /** Shown in bold. */
  readonly stressed?: boolean;
  /** Shown with a line beneath. */
  readonly near?: boolean;
  /** A place of the same page that says more. */
  readonly href?: string;
  /** Small, below the text. */
  readonly detail?: string;
}

export interface HtmlTable {
  readonly caption?: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly HtmlCell[])[];
  /** Which columns stand to the right, as numbers do. */
  readonly right: (column: number) => boolean;
  /** Whether the first cell of each row names it. */
  readonly named?: boolean;
}

/** Front ends of notebooks set formulas in HTML, too, whose links a name could bring: not in a table of data (MathJax's `ignoreHtmlClass`). */
const plain = `class="mathjax_ignore tex2jax_ignore"`;

/** @returns a `<table>` without scripts or colours of its own: readable in every front end, dark or light */
export function htmlTableOf({ caption, columns, rows, right, named = false }: HtmlTable): string {
  const align = (column: number) => ` style="text-align: ${right(column) ? "right" : "left"}"`;
  const head = columns.map((text, column) => `<th scope="col"${align(column)}>${escapeHtml(text)}</th>`);
  const body = rows.map((cells) => {
    const drawn = cells.map((cell, column) => {
      const { detail } = cell;
      const small = detail === undefined ? "" : `<br><small>${escapeHtml(detail)}</small>`;
      const tag = named && column === 0 ? 'th scope="row"' : "td";
      return `<${tag}${align(column)}>${drawText(cell)}${small}</${tag.slice(0, 2)}>`;
    });
    return `<tr>${drawn.join("")}</tr>`;
  });
  const title = caption === undefined ? "" : `<caption style="text-align: left">${escapeHtml(caption)}</caption>`;
  return `<table ${plain}>${title}<thead><tr>${head.join("")}</tr></thead><tbody>\n${body.join("\n")}\n</tbody></table>`;
}

function drawText({ text, stressed = false, near = false, href }: HtmlCell): string {
  const plainText = escapeHtml(text);
  if (href !== undefined) return `<a href="${escapeHtml(href)}">${plainText}</a>`;
  if (stressed) return `<b>${plainText}</b>`;
  return near ? `<u>${plainText}</u>` : plainText;
}
