import { escapeHtml } from "../core/escape-html";
import { readTask, referenceOf, type Experiment, type Profile } from "../records/config";
import type { FoundRecord } from "../records/found";
import type { RunRecord } from "../records/schema";
import { caseTable } from "./case-table";
import { countedCases, isAdaptation, isFederation, labelOf } from "./cases";
import { isComparable } from "./compare-methods";
import type { VegaLiteSpec } from "./figure";
import type { Draw } from "./draw-once";
import { figuresOf } from "./figures-of";
import { htmlList, htmlTable, scrolling } from "./html";
import { notebookLink } from "./notebook-links";
import { progressOf, type Progress } from "./runs";
import { pictureFigure } from "./picture-figure";
import { reportedOf } from "./reported";
import { rowSources } from "./row-sources";
import { provenanceList } from "./sections";
import { tablesOf } from "./tables-of";
import type { ResultTable } from "./table";

export interface Section {
  /** The main one first; none while nothing has been run. */
  readonly tables: readonly ResultTable[];
  readonly html: string;
  readonly progress: Progress;
}

interface SectionParts {
  readonly found: readonly FoundRecord[];
  /** Of its sites, as HTML. */
  readonly picture: string;
  /** What is to be said of released results, a line each. */
  readonly standings: readonly string[];
  /** The names of the notebooks that run it. */
  readonly notebooks: readonly string[];
  /** Draws a figure as SVG. */
  readonly draw: Draw;
}

/** What there is of an experiment, and by name what is not: a run may be half done when it is reported. */
export async function experimentSection(
  experiment: Experiment,
  profile: Profile,
  { found, picture, standings, draw, notebooks }: SectionParts,
): Promise<Section> {
  const { kind } = experiment;
  const task = readTask(experiment.task);
  const reported = reportedOf(experiment, found);
  const records = reported.map(({ record }) => record);
  const rows: readonly RunRecord[] = records.filter(kind === "inside" ? isFederation : isAdaptation);
  const progress = progressOf(experiment, task, profile, rows);
  const command = `<pre>npx iopfl run ${escapeHtml(experiment.id)} --profile ${escapeHtml(profile.id)}</pre>`;
  const heading = `<h2 id="${escapeHtml(experiment.id)}">${escapeHtml(experiment.question)}</h2>${notebookLinks(notebooks)}${picture}`;
  if (rows.length === 0) return { tables: [], html: `${heading}<p>Not run yet.</p>${command}`, progress };

  const [main, ...more] = tablesOf(experiment, task, reported);
  const { html: sources, links } = rowSources(
    experiment.id,
    profile.id,
    reported.filter(({ record }) => rows.includes(record)),
  );
  const html = [
    heading,
    missingList(progress),
    main ? htmlTable(main, links) : "",
    sources,
    standings.length === 0 ? "" : htmlList(standings),
    ...more.map((table) => htmlTable(table, links)),
    nothingToCompare(experiment, rows),
    ...(await Promise.all(figuresOf(experiment, task, records).map((spec) => drawnFigure(spec, draw)))),
    pictureFigure(experiment, profile, records),
    caseTable(experiment, records),
    `<h3>Made by</h3>${command}`,
    provenanceList(
      records,
      reported.flatMap(({ provenance }) => provenance ?? []),
    ),
  ];
  return { tables: main ? [main, ...more] : [], html: named(experiment.id, html.join("")), progress };
}

/** The walk through what the section only shows. */
const notebookLinks = (names: readonly string[]): string =>
  names.length === 0 ? "" : `<p class="soft">Step by step: ${names.map(notebookLink).join(", ")}.</p>`;

/** Experiments have tables of one title: whoever moves from region to region hears whose each is. */
const named = (id: string, html: string): string =>
  html.replaceAll('role="region" tabindex="0" aria-label="', (whole) => `${whole}${escapeHtml(id)}: `);

function missingList({ expected, found, missing }: Progress): string {
  if (missing.length === 0) return "";
  return `<div class="missing"><p class="warning">Not finished: ${found} of ${expected} runs are there. What is here is shown; missing are:</p>${htmlList(missing)}</div>`;
}

/** Why there is nothing to compare with the reference, where scores are shown. */
function nothingToCompare(experiment: Experiment, records: readonly RunRecord[]): string {
  const { id, variant } = referenceOf(experiment);
  const reference = labelOf({ method: id, variant });
  if (experiment.kind === "inside" && (experiment.shows ?? "ranks") !== "ranks") return "";
  if (isComparable(countedCases(experiment.kind, records), reference)) return "";
  const why = records.some((record) => labelOf(record) === reference)
    ? "no other method has a case in common with it yet"
    : "it has no result yet";
  return experiment.methods.length < 2
    ? ""
    : `<p class="soft">Nothing is compared with ${escapeHtml(reference)}, the reference of this experiment: ${why}.</p>`;
}

/** A figure as a picture with a name; its parts are not read out one by one: the tables hold the numbers. */
async function drawnFigure(spec: VegaLiteSpec, draw: Draw): Promise<string> {
  const title = escapeHtml(String(spec.title));
  const description = escapeHtml(String(spec.description));
  const { svg, source } = await draw(spec);
  const named = withoutRoles(svg).replace("<svg ", `<svg role="img" aria-label="${title}. ${description}" `);
  return `<figure>${scrolling(String(spec.title), named)}<figcaption>${description}</figcaption>${source}</figure>`;
}

/** The parts of a picture have no names of their own, so that they may have no roles either. */
function withoutRoles(svg: string): string {
  return svg.replace(/<[^>]*>/g, (tag) => tag.replace(/ (role|aria-[a-z]+)="[^"]*"/g, ""));
}
