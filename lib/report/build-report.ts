import { join } from "node:path";
import { WorkbenchError } from "../core/errors";
import { escapeHtml } from "../core/escape-html";
import { writeAtomic } from "../io/atomic";
import { recordsOf, readProfile, readTask, type Experiment, type Profile } from "../records/config";
import { configIds, resultsFolder } from "../records/paths";
import { experimentsAt } from "../records/experiment-at";
import type { FoundRecord } from "../records/found";
import { readRecords } from "../records/read";
import { wordsOf } from "../records/task-words";
import { answer } from "./answer";
import { besideReleased } from "./beside-released";
import { citation, sources } from "./citations";
import { claimsTable } from "./claims-table";
import { experimentSection, type Section } from "./experiment-section";
import { htmlList, htmlPage, htmlTable } from "./html";
import { drawOnce } from "./draw-once";
import { judgeClaims } from "./judged-claims";
import { experimentMap } from "./map";
import { methodCards, type MethodCard } from "./method-cards";
import { paperBeside } from "./paper/paper-tables";
import { readPaperTables } from "./paper/read";
import { notebooksByExperiment } from "./notebook-links";
import { datesOf, phantomFigure, profileSettings } from "./sections";
import { distinct } from "./strata";
import type { ResultTable } from "./table";

export interface Report {
  /** The page: `results/<profile>/report.html`. */
  readonly page: string;
  readonly tables: readonly ResultTable[];
  /** Files that could not be read, a line each; everything else is in the page. */
  readonly damaged: readonly string[];
}

/** What a page says beside its numbers, where whoever builds it knows that; the page itself computes nothing and loads no method. */
export interface Beside {
  /** Answers what is to be said of an experiment's released results today, a line each. */
  readonly standingOf?: (experiment: string) => readonly string[];
  readonly cards?: readonly MethodCard[];
}

/**
 * Builds one offline page from the records of a profile, finished or not. Needs no tensor library. The same records give the same bytes.
 * @throws WorkbenchError for an unknown profile, and when there is no record to report
 */
export async function buildReport(profileId: string, { standingOf, cards = [] }: Beside = {}): Promise<Report> {
  const profile = readProfile(profileId);
  const experiments = experimentsAt(profile.id);
  const read = experiments.map((experiment) => readRecords(profile.id, recordsOf(experiment)));
  // Two looks at the same runs meet the same files.
  const damaged = distinct(read.flatMap((each) => each.damaged));
  const found = read.flatMap(({ records }) => records);
  if (found.length === 0) throw nothingToReport(profile, experiments, damaged);
  const sections: Section[] = [];
  const draw = drawOnce();
  const pictured = new Set<string>();
  const notebooks = notebooksByExperiment();
  for (const [index, experiment] of experiments.entries()) {
    // A task's sites are shown where it first comes up.
    const picture = pictured.has(experiment.task) ? "" : phantomFigure(readTask(experiment.task), profile);
    pictured.add(experiment.task);
    const standings = standingOf?.(experiment.id) ?? [];
    sections.push(
      await experimentSection(experiment, profile, {
        found: read[index].records,
        picture,
        standings,
        draw,
        notebooks: notebooks.get(experiment.id) ?? [],
      }),
    );
  }
  const page = join(resultsFolder(), profileId, "report.html");
  const shown = experiments.map(({ id }) => id);
  // Whoever brings experiments of their own need not have the paper's.
  const known = configIds("experiments");
  const paper = paperBeside(
    profile,
    readPaperTables().filter(({ table }) => known.includes(table.experiment)),
  );
  const claims = judgeClaims(profile.id);
  const body = [
    head(profile, found, damaged),
    answer(claims, paper, shown),
    experimentMap(experiments, sections),
    profileSettings(profile),
    ...sections.map(({ html }) => html),
    methodCards(
      cards,
      found.map(({ record }) => record),
    ),
    part("claims-numbers", "The claims in numbers", [claimsTable(profile.id, claims) ?? []].flat()),
    part(
      "paper",
      "The paper beside ours",
      paper.flatMap(({ table }) => table ?? []),
    ),
    part("mine", "Mine beside the released", besideReleased(profile.id)),
  ];
  writeAtomic(page, htmlPage("IOP-FL, rerun", [...body, sources].join("")));
  return { page, tables: sections.flatMap(({ tables: [main] }) => main ?? []), damaged };
}

function nothingToReport(
  profile: Profile,
  experiments: readonly Experiment[],
  damaged: readonly string[],
): WorkbenchError {
  const first = experiments[0]?.id ?? "<experiment>";
  const run = `run \`npx iopfl run ${first} --profile ${profile.id}\` first`;
  return damaged.length === 0
    ? new WorkbenchError(`profile "${profile.id}" has no records to report`, run)
    : new WorkbenchError(`no record of profile "${profile.id}" can be read: ${damaged[0]}`, run);
}

function head(profile: Profile, found: readonly FoundRecord[], damaged: readonly string[]): string {
  const own = distinct(found.map(({ record }) => record.task)).filter((task) => wordsOf(task)?.isOwn);
  const onPhantom = found.some(({ record }) => !own.includes(record.task));
  const but = own.length === 0 ? "" : `, but for those of ${escapeHtml(own.join(", "))},`;
  const warning =
    profile.data.source === "phantom" && onPhantom
      ? `<p class="warning">These numbers${but} were measured on a phantom, at the profile <code>${escapeHtml(profile.id)}</code> (${escapeHtml(profile.purpose)}). They are not comparable with the paper's, which were measured on patients.</p>`
      : "";
  const provenance = found.flatMap((each) => each.provenance ?? []);
  const dates = provenance.length === 0 ? "" : `<p class="soft">Measured ${escapeHtml(datesOf(provenance))}.</p>`;
  const unread =
    damaged.length === 0 ? "" : `<p class="warning">Files that could not be read are left out:</p>${htmlList(damaged)}`;
  return `<h1>IOP-FL, rerun</h1>${citation}${warning}${unread}${dates}`;
}

/** A part of the page that holds tables; nothing without any. */
function part(id: string, title: string, tables: readonly ResultTable[]): string {
  if (tables.length === 0) return "";
  return `<h2 id="${id}">${title}</h2>${tables.map((table) => htmlTable(table)).join("")}`;
}
