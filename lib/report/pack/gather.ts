import { recordsOf, readProfile, readTask } from "../../records/config";
import { experimentsAt } from "../../records/experiment-at";
import type { FoundRecord } from "../../records/found";
import { readRecords } from "../../records/read";
import { wordsOf } from "../../records/task-words";
import { renderVegaLite } from "../figure";
import { figuresOf } from "../figures-of";
import { reportedOf } from "../reported";
import { distinct } from "../strata";
import { tablesOf } from "../tables-of";
import type { CrateFacts, PackedFile } from "./crate";
import { dataFiles } from "./data-files";
import { latexDocument, latexTable } from "./latex";
import type { NamedTable } from "./table-data";

/** What there is to take away of a profile. */
export interface Gathered {
  readonly facts: CrateFacts;
  readonly files: readonly PackedFile[];
  readonly runs: number;
  /** Files that could not be read, a line each. */
  readonly damaged: readonly string[];
}

/** Pixels of a figure's PNG for each CSS pixel: some 300 an inch in print. */
const printScale = 3;

/** Gathers numbers, tables and figures of every experiment of a profile. @throws WorkbenchError for an unknown profile */
export async function gather(profileId: string): Promise<Gathered> {
  const profile = readProfile(profileId);
  const all = new Map<string, FoundRecord>();
  const tables: NamedTable[] = [];
  const figures: PackedFile[] = [];
  const damaged: string[] = [];
  for (const experiment of experimentsAt(profile.id)) {
    const read = readRecords(profile.id, recordsOf(experiment));
    damaged.push(...read.damaged);
    const reported = reportedOf(experiment, read.records);
    for (const found of reported) all.set(`${found.record.experiment}/${found.name}`, found);
    if (reported.length === 0) continue;
    const task = readTask(experiment.task);
    tablesOf(experiment, task, reported).forEach((table, at) =>
      tables.push({ experiment: experiment.id, name: `${experiment.id}-${at + 1}`, table }),
    );
    const specs = figuresOf(
      experiment,
      task,
      reported.map(({ record }) => record),
    );
    for (const [at, spec] of specs.entries()) {
      const { svg, png } = await renderVegaLite(spec, { scale: printScale });
      const [name, description] = [`figures/${experiment.id}-${at + 1}`, String(spec.description)];
      figures.push(
        { path: `${name}.svg`, description, content: svg },
        { path: `${name}.png`, description, content: png },
      );
    }
  }
  const found = [...all.values()];
  const files = [...dataFiles(found, tables), ...latexFiles(tables), ...figures];
  const onImages = found.length > 0 && found.every(({ record }) => wordsOf(record.task)?.isOwn);
  const phantom = profile.data.source === "phantom" && !onImages;
  return {
    facts: { profile: profile.id, purpose: profile.purpose, phantom, ...madeBy(found) },
    files,
    runs: found.length,
    damaged: distinct(damaged),
  };
}

function latexFiles(tables: readonly NamedTable[]): PackedFile[] {
  const files = tables.map(({ name, table }) => ({
    path: `tables/${name}.tex`,
    description: `${table.title} (booktabs)`,
    content: latexTable(table, name),
  }));
  const names = tables.map(({ name }) => name);
  const whole = {
    path: "tables/tables.tex",
    description: "A document that shows every table",
    content: latexDocument(names),
  };
  return tables.length === 0 ? [] : [...files, whole];
}

function madeBy(found: readonly FoundRecord[]): Pick<CrateFacts, "date" | "commits" | "engines"> {
  const made = found.flatMap(({ provenance }) => provenance ?? []);
  const days = made.map(({ finished }) => finished.slice(0, 10)).sort();
  return {
    // Records without provenance do not tell their day.
    date: days[days.length - 1] ?? "1970-01-01",
    commits: distinct(made.map(({ commit }) => commit)).sort(),
    engines: distinct(made.map(({ engine }) => engine.version)).sort(),
  };
}
