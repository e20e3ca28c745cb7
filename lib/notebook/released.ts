import { openStandings, standingLine } from "../lab/release/standing";
import { readExperiment, readProfile, readTask, recordsOf, referenceOf, type Experiment } from "../records/config";
import type { FoundRecord } from "../records/found";
import { readReleased } from "../records/release/released";
import { countedCases, isAdaptation, isFederation, labelOf } from "../report/cases";
import { isComparable } from "../report/compare-methods";
import { figuresOf } from "../report/figures-of";
import { htmlTable } from "../report/html";
import { reportedOf } from "../report/reported";
import { progressOf } from "../report/runs";
import { tablesOf } from "../report/tables-of";
import { textTable } from "../report/text-table";
import { answer } from "./answer";
import { createBundle } from "./bundle";
import { figure } from "./figure";
import { markdown } from "./markdown";
import { send, show } from "./show";

/**
 * Shows the committed results of an experiment at a size that a cell should not compute: its tables, and the answer in sentences where
 * methods are compared. A line before them says which commit and engine made them, whether that still stands, and what is not there yet;
 * where nothing is committed, it is the command that makes it.
 * @param id of a file in configs/experiments
 * @param options.figures shows its figures too
 * @throws WorkbenchError when an id is unknown (with those that are known), or a release was changed
 */
export async function released(
  id: string,
  { profile = "phantom", figures = false }: { readonly profile?: string; readonly figures?: boolean } = {},
): Promise<void> {
  const experiment = readExperiment(id);
  const found = reportedOf(experiment, [...readReleased(profile, recordsOf(experiment)).records.values()]);
  if (found.length === 0) {
    const command = `npx iopfl run ${id} --profile ${profile}`;
    return send(
      markdown(`*No results of \`${id}\` at the profile \`${profile}\` are committed yet; \`${command}\` makes them.*`),
    );
  }
  send(markdown(`*${origin(experiment, profile, found)}*`));
  const task = readTask(experiment.task);
  for (const drawn of tablesOf(experiment, task, found))
    send(createBundle({ "text/html": htmlTable(drawn), "text/plain": textTable(drawn) }));
  const records = found.map(({ record }) => record);
  const cases = countedCases(experiment.kind, records);
  const { id: method, variant } = referenceOf(experiment);
  const reference = labelOf({ method, variant });
  const ranks = experiment.kind === "outside" || (experiment.shows ?? "ranks") === "ranks";
  if (ranks && isComparable(cases, reference)) send(answer(cases, reference));
  if (!figures) return;
  for (const spec of figuresOf(experiment, task, records)) await show(figure(spec));
}

/** Where released records come from, what there is to say of them today, and how many are not there yet. */
function origin(experiment: Experiment, profile: string, found: readonly FoundRecord[]): string {
  const standing = openStandings(profile);
  const settings = readProfile(profile);
  const rows = found.map(({ record }) => record).filter(experiment.kind === "inside" ? isFederation : isAdaptation);
  const { expected, found: done } = progressOf(experiment, readTask(experiment.task), settings, rows);
  const engines = [...new Set(found.map(({ record }) => record.numerics.engine))].join(", ");
  const all = done === expected ? `all ${done} runs` : `${done} of ${expected} runs, the others are not there yet`;
  const stands = standingLine(found.map((each) => standing(recordsOf(experiment), each)));
  return `${experiment.id}: committed results of the profile \`${profile}\` (${settings.purpose}), nothing is computed here; ${all}; engine \`${engines}\`; ${stands}.`;
}
