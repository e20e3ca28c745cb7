import { escapeHtml } from "../core/hostile-text";
import { cellText, type ResultTable } from "./table";

/** Draws a table as HTML without scripts; the best of each column is bold. */
export function htmlTable({ title, note, columns, rows }: ResultTable): string {
  const head = ["method", ...columns].map((column) => `<th scope="col">${escapeHtml(column)}</th>`).join("");
  const body = rows.map(({ label, cells }) => {
    const numbers = cells
      .map(
        (cell) =>
          `<td${cell.best ? ' class="best"' : ""}>${cell.best ? `<b>${escapeHtml(cellText(cell))}</b>` : escapeHtml(cellText(cell))}</td>`,
      )
      .join("");
    return `<tr><th scope="row">${escapeHtml(label)}</th>${numbers}</tr>`;
  });
  return `<figure class="table"><table><caption>${escapeHtml(title)}</caption><thead><tr>${head}</tr></thead><tbody>${body.join("")}</tbody></table><figcaption>${escapeHtml(note)}${rows.some(({ cells }) => cells.some(({ best }) => best)) ? "; best as printed in bold" : ""}</figcaption></figure>`;
}

/** Wraps a page that needs no network and runs no script. */
export function htmlPage(title: string, body: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${escapeHtml(title)}</title><style>${style}</style></head>
<body><main>${body}</main></body></html>
`;
}

const style = `
:root { color-scheme: light; --ink: #1b1f24; --soft: #57606a; --line: #d0d7de; --accent: #0072b2; }
body { margin: 0; background: #f6f8fa; color: var(--ink); font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
main { max-width: 62rem; margin: 0 auto; padding: 2.5rem 2rem 4rem; background: #fff; box-shadow: 0 0 0 1px var(--line); }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 .3rem; }
h2 { font-size: 1.25rem; margin: 2.6rem 0 .4rem; padding-top: 1.2rem; border-top: 1px solid var(--line); }
p.lead, figcaption, .soft { color: var(--soft); }
p.warning { border-left: 4px solid #d55e00; background: #fff5ee; padding: .6rem .9rem; }
figure { margin: 1.2rem 0; overflow-x: auto; } figure svg, figure img { max-width: 100%; height: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .92rem; }
caption { text-align: left; font-weight: 600; padding-bottom: .4rem; }
th, td { padding: .3rem .7rem; text-align: right; white-space: nowrap; }
thead th { border-bottom: 2px solid var(--ink); } tbody tr + tr > * { border-top: 1px solid var(--line); }
th[scope=row], thead th:first-child { text-align: left; font-weight: 500; } td.best { font-weight: 700; color: var(--accent); }
figcaption { font-size: .85rem; margin-top: .4rem; max-width: 52rem; }
code, pre { font: .88em ui-monospace, "DejaVu Sans Mono", Menlo, monospace; background: #f0f3f6; border-radius: 4px; } code { padding: .1em .35em; } pre { padding: .7rem 1rem; overflow-x: auto; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1.2rem; font-size: .92rem; } dt { color: var(--soft); } dd { margin: 0; }
@media print { body, main { background: #fff; box-shadow: none; } }
`;
