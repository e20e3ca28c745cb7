import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { escapeHtml } from "../core/escape-html";
import { projectRoot } from "../records/paths";

const folder = join(projectRoot, "notebooks");

/** @returns the names of the notebooks, in their order: `04-inside-personalization` */
export const notebookNames = (): string[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((file) => file.endsWith(".ipynb"))
        .map((file) => file.slice(0, -".ipynb".length))
        .sort()
    : [];

/** @returns of each experiment the notebooks that run it; a notebook that cannot be read runs nothing */
export function notebooksByExperiment(): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const name of notebookNames())
    for (const id of experimentsIn(codeOf(join(folder, `${name}.ipynb`))))
      found.set(id, [...(found.get(id) ?? []), name]);
  return found;
}

function codeOf(path: string): string {
  try {
    const { cells } = JSON.parse(readFileSync(path, "utf8")) as {
      cells: { cell_type: string; source: string | string[] }[];
    };
    return cells
      .flatMap(({ cell_type: type, source }) => (type === "code" ? [[source].flat().join("")] : []))
      .join("\n");
  } catch {
    return "";
  }
}

const experimentsIn = (code: string): Set<string> =>
  new Set([...code.matchAll(/\bexperiment\(\s*"([^"]+)"/g)].map(([, id]) => id));

/** From `results/<profile>/report.html`. */
const fromPage = "../../notebooks/";

/** @returns a link from the page to a notebook, as HTML */
export const notebookLink = (name: string): string =>
  `<a href="${fromPage}${encodeURIComponent(name)}.ipynb">${escapeHtml(name)}</a>`;

/** @returns a page that lies elsewhere, with other addresses for its notebooks; where there is none the name stays */
export const withNotebooksAt = (page: string, addressOf: (name: string) => string | undefined): string =>
  page.replace(
    /<a href="\.\.\/\.\.\/notebooks\/([\w.%-]+)\.ipynb">([\w.-]+)<\/a>/g,
    (_, coded: string, name: string) => {
      const address = addressOf(decodeURIComponent(coded));
      return address === undefined ? name : `<a href="${escapeHtml(address)}">${name}</a>`;
    },
  );
