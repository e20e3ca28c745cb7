import MarkdownIt from "markdown-it";
import { escapeHtml } from "../../core/escape-html";
import { plainPage } from "../html";

/** A notebook as far as it is shown. */
export interface ShownNotebook {
  readonly cells: readonly {
    readonly cell_type: string;
    readonly source: string | readonly string[];
    readonly outputs?: readonly Readonly<Record<string, unknown>>[];
  }[];
}

/** Text of others stays text: no HTML of a cell is taken over, and links that could run something are none. */
const markdown = new MarkdownIt({ html: false });

/**
 * An executed notebook as a page that loads nothing and runs nothing. Pictures stand in place of what needs a script.
 * @param address where a link of the notebook leads on the site; nothing where it leads nowhere: its text stays
 * @param above HTML before the first cell
 */
export function notebookPage(
  name: string,
  { cells }: ShownNotebook,
  address: (link: string) => string | undefined,
  above: string,
): string {
  const drawn = cells.map(({ cell_type: type, source, outputs = [] }, cell) => {
    const text = joined(source);
    if (type === "markdown") return relinked(markdown.render(text), address);
    return `<pre tabindex="0">${escapeHtml(text)}</pre>${outputs.map((output, index) => outputHtml(output, `output ${index + 1} of cell ${cell + 1}`)).join("")}`;
  });
  return plainPage(name, above + drawn.join("\n"));
}

const joined = (text: unknown): string => (Array.isArray(text) ? text.join("") : typeof text === "string" ? text : "");

function relinked(html: string, address: (link: string) => string | undefined): string {
  return html.replace(/<a href="([^"]*)">([^]*?)<\/a>/g, (_, link: string, text: string) => {
    const to = /^(https?:|#)/.test(link) ? link : address(link);
    return to === undefined ? text : `<a href="${escapeHtml(to)}">${text}</a>`;
  });
}

const base64 = /^[A-Za-z0-9+/=\s]*$/;

/** The richest form of an output that a page without scripts can show. */
function outputHtml(output: Readonly<Record<string, unknown>>, name: string): string {
  if (output.output_type === "stream") return `<pre tabindex="0">${escapeHtml(joined(output.text))}</pre>`;
  if (output.output_type === "error")
    return `<pre tabindex="0">${escapeHtml(`${joined(output.ename)}: ${joined(output.evalue)}`)}</pre>`;
  const data = (output.data ?? {}) as Readonly<Record<string, unknown>>;
  const text = joined(data["text/plain"]);
  const png = joined(data["image/png"]);
  if (png !== "" && base64.test(png))
    return `<figure><img alt="${escapeHtml(text)}" src="data:image/png;base64,${png.replace(/\s/g, "")}"></figure>`;
  const html = joined(data["text/html"]);
  // Tables of ours; the page's policy lets no script run, whatever stands there.
  if (html !== "" && !/<script|<iframe/i.test(html))
    return `<div class="scroll" role="region" tabindex="0" aria-label="${name}">${html}</div>`;
  const prose = joined(data["text/markdown"]);
  return prose === "" ? `<pre tabindex="0">${escapeHtml(text)}</pre>` : markdown.render(prose);
}
