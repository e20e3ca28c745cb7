import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { escapeHtml } from "../../core/escape-html";
import { writeAtomic } from "../../io/atomic";
import { knownToPage } from "../known-to-page";
import { readNotebook, type Notebook } from "../../notebook/runner/notebook-file";
import { configIds, projectRoot, workFolder } from "../../records/paths";
import { readManifest } from "../../records/release/manifest";
import { buildReport } from "../../report/build-report";
import { notebookNames, notebooksByExperiment, withNotebooksAt } from "../../report/notebook-links";
import { indexPage } from "../../report/site/index-page";
import { notebookPage } from "../../report/site/notebook-page";
import { executeNotebooks } from "./notebooks";

interface SiteCommand {
  readonly out?: string;
  readonly profile?: string;
  readonly execute: boolean;
  readonly api: boolean;
}

/** `iopfl site`: the page, the executed notebooks and the documentation as files that any static host can serve. */
export async function site({ out, profile: asked, execute, api }: SiteCommand): Promise<void> {
  const folder = out === undefined ? join(projectRoot, "site") : resolve(out);
  const newest = newestReleased();
  const profile = asked ?? newest ?? "quick";
  rmSync(join(folder, "notebooks"), { recursive: true, force: true });
  mkdirSync(join(folder, "notebooks"), { recursive: true });
  const stale = notebookNames().filter((name) => executed(name) === undefined);
  if (execute && stale.length > 0) await executeNotebooks(stale, { profile: "quick", engine: "auto" });
  const { page } = await buildReport(profile, knownToPage(profile));
  const shown = notebookNames().flatMap((name) => {
    const notebook = executed(name);
    return notebook ? [{ name, notebook, title: titleOf(notebook) ?? name }] : [];
  });
  const has = (name: string) => shown.some((each) => each.name === name);
  const report = withNotebooksAt(readFileSync(page, "utf8"), (name) =>
    has(name) ? `notebooks/${name}.html` : undefined,
  );
  writeAtomic(join(folder, "report.html"), report);
  const addressOf = (link: string) => pageOf(link, has);
  for (const { name, notebook } of shown)
    writeAtomic(
      join(folder, "notebooks", `${name}.html`),
      notebookPage(name, notebook, addressOf, aboveOf(name, report)),
    );
  writeAtomic(
    join(folder, "index.html"),
    indexPage({ profile, released: readManifest(profile) !== undefined, notebooks: shown }),
  );
  if (api) writeApi(join(folder, "api"));
  process.stdout.write(`site: ${shown.length} notebooks and the report of ${profile}, in ${folder}\n`);
}

function writeApi(folder: string): void {
  const typedoc = join(projectRoot, "node_modules", "typedoc", "bin", "typedoc");
  execFileSync(process.execPath, [typedoc, "--out", folder], {
    cwd: projectRoot,
    stdio: ["ignore", "ignore", "inherit"],
  });
}

/** The profile that was released last. */
function newestReleased(): string | undefined {
  const released = configIds("profiles").flatMap((id) => readManifest(id) ?? []);
  return released.sort((a, b) => (a.date < b.date ? 1 : -1))[0]?.profile;
}

/** @returns the executed copy of a notebook, where there is one that ended without an error and the notebook has not changed since */
function executed(name: string): Notebook | undefined {
  const copy = join(workFolder, "notebooks", `${name}.ipynb`);
  if (!existsSync(copy)) return undefined;
  const done = readNotebook(copy);
  if (done.cells.some(({ outputs = [] }) => outputs.some(({ output_type: type }) => type === "error")))
    return undefined;
  const sources = ({ cells }: Notebook) => cells.map(({ source }) => [source].flat().join(""));
  const now = sources(readNotebook(join(projectRoot, "notebooks", `${name}.ipynb`)));
  const then = sources(done);
  // The copy has a cell more, with the parameters that it was run with.
  return now.every((text) => then.includes(text)) && then.length <= now.length + 1 ? done : undefined;
}

function titleOf({ cells }: Notebook): string | undefined {
  return /^# (.+)$/m.exec([cells[0]?.source ?? ""].flat().join(""))?.[1];
}

/** Where a link of a notebook leads on the site: to another notebook that is there, or nowhere. */
function pageOf(link: string, has: (name: string) => boolean): string | undefined {
  const [, name] = /^([\w.-]+)\.ipynb(?:#.*)?$/.exec(basename(link)) ?? [];
  return name !== undefined && has(name) ? `${name}.html` : undefined;
}

/** The way back, and the parts of the report that are about the same: a small profile leaves experiments out. */
function aboveOf(name: string, report: string): string {
  const isShown = (id: string) => report.includes(`<h2 id="${escapeHtml(id)}">`);
  const parts = [...notebooksByExperiment()].filter(([id, names]) => names.includes(name) && isShown(id));
  const links = parts.map(([id]) => `<a href="../report.html#${encodeURIComponent(id)}">${escapeHtml(id)}</a>`);
  const there = links.length > 0 ? `; in the report: ${links.join(", ")}` : "";
  return `<p class="soft"><a href="../index.html">IOP-FL Workbench</a>${there}. The notebook: <code>notebooks/${escapeHtml(name)}.ipynb</code>.</p>`;
}
