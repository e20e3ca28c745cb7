import { join } from "node:path";
import { escapeHtml } from "../core/hostile-text";
import { writeAtomic } from "../io/atomic";
import { readExperiments, readProfile, readTask, type Experiment, type Profile } from "../records/config";
import { readRecords } from "../records/read";
import { resultsFolder } from "../records/paths";
import type { RunRecord } from "../records/schema";
import { countedCases, isAdaptation, isFederation } from "./cases";
import { experimentTable } from "./experiment-table";
import { renderVegaLite, type VegaLiteSpec } from "./figure";
import { convergence } from "./figures/convergence";
import { diceBySite } from "./figures/dice-by-site";
import { gateMap } from "./figures/gate-map";
import { htmlPage, htmlTable } from "./html";
import { comparisonTable, phantomFigure, profileSettings, provenanceList } from "./sections";
import type { ResultTable } from "./table";

export interface Report {
  /** The page: `results/<profile>/report.html`. */
  readonly page: string;
  readonly tables: readonly ResultTable[];
}

/** Builds one offline page from the records of a profile. Needs no tensor library. */
export async function buildReport(profileId: string): Promise<Report> {
  const profile = readProfile(profileId);
  const tables: ResultTable[] = [];
  const sections: string[] = [];
  const experiments = readExperiments();
  const pictured = new Set<string>();
  for (const experiment of experiments) {
    // A task's sites are shown where it first comes up.
    const picture = pictured.has(experiment.task) ? "" : phantomFigure(readTask(experiment.task), profile);
    pictured.add(experiment.task);
    const { table, html } = await section(experiment, profile, picture);
    sections.push(html);
    if (table) tables.push(table);
  }
  const page = join(resultsFolder(), profileId, "report.html");
  const warning =
    profile.data.source === "phantom"
      ? `<p class="warning">These numbers were measured on a phantom, at the profile <code>${escapeHtml(profile.id)}</code> (${escapeHtml(profile.purpose)}). They are not comparable with the paper's, which were measured on patients.</p>`
      : "";
  const lead = `<h1>IOP-FL, rerun</h1><p class="lead">Inside-Outside Personalization for Federated Medical Image Segmentation (Jiang, Yang, Cheng, Dou; IEEE TMI 2023), reproduced by the IOP-FL Workbench.</p>`;
  writeAtomic(page, htmlPage("IOP-FL, rerun", lead + warning + profileSettings(profile) + sections.join("")));
  return { page, tables };
}

async function section(
  experiment: Experiment,
  profile: Profile,
  picture: string,
): Promise<{ readonly table?: ResultTable; readonly html: string }> {
  const order = experiment.methods.map(({ id }) => id);
  // Records of methods that the experiment no longer names stay on the disk, but are not reported.
  const named = ({ kind, method }: RunRecord) =>
    order.includes(method) || (experiment.kind === "outside" && kind === "federation");
  const found = readRecords(profile.id, experiment.id)
    .filter(({ record }) => named(record))
    .sort((a, b) => order.indexOf(a.record.method) - order.indexOf(b.record.method));
  const command = `<pre>npx iopfl run ${escapeHtml(experiment.id)} --profile ${escapeHtml(profile.id)}</pre>`;
  const heading = `<h2 id="${escapeHtml(experiment.id)}">${escapeHtml(experiment.question)}</h2>${picture}`;
  const records = found.map(({ record }) => record);
  const cases = countedCases(experiment.kind, records);
  if (cases.length === 0) return { html: `${heading}<p>Not run yet.</p>${command}` };

  const table = experimentTable(experiment.kind, readTask(experiment.task).sites, records);
  const routed = records
    .filter(isAdaptation)
    .filter(({ epochs }) => Object.keys(epochs[0].telemetry).some((key) => key.startsWith("gate/")));
  const figures = [
    diceBySite(cases, "Every case"),
    ...(experiment.kind === "inside" ? [convergence(records.filter(isFederation))] : []),
    ...(routed.length > 0
      ? [gateMap(routed, records.filter(isFederation), "What the gates chose, mean over the held-out sites")]
      : []),
  ];
  const drawn = await Promise.all(figures.map(drawnFigure));
  const comparison = comparisonTable(cases, "iop-fl");
  const html = [
    heading,
    htmlTable(table),
    comparison ? htmlTable(comparison) : "",
    ...drawn,
    command,
    provenanceList(found.flatMap(({ provenance }) => provenance ?? [])),
  ];
  return { table, html: html.join("") };
}

async function drawnFigure(spec: VegaLiteSpec): Promise<string> {
  return `<figure>${(await renderVegaLite(spec)).svg}</figure>`;
}
