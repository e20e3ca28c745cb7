import { escapeHtml } from "../core/escape-html";
import type { Experiment } from "../records/config";
import { labelOf } from "./cases";
import type { Section } from "./experiment-section";
import { scrolling } from "./html";
import { referenceOf } from "../records/config";
import { withoutMark } from "./rises";
import { cellParts, type ResultTable } from "./table";

/** The map of the page: every experiment with its question, how much of it there is, and what came out in a number or two. */
export function experimentMap(experiments: readonly Experiment[], sections: readonly Section[]): string {
  const rows = experiments.map((experiment, index) => {
    const { progress, tables } = sections[index];
    const { found, expected } = progress;
    const cells = [
      `<th scope="row"><a href="#${encodeURIComponent(experiment.id)}">${escapeHtml(experiment.question)}</a></th>`,
      `<td>${escapeHtml(experiment.kind)}</td>`,
      `<td class="number">${found} of ${expected}</td>`,
      ...headline(experiment, tables[0]).map((text) => `<td>${escapeHtml(text)}</td>`),
    ];
    return `<tr>${cells.join("")}</tr>`;
  });
  const head = ["question", "kind", "runs", "reference, Dice [95 %]", "best, Dice [95 %]"];
  const columns = head.map((text) => `<th scope="col">${escapeHtml(text)}</th>`).join("");
  const table = `<table class="map"><thead><tr>${columns}</tr></thead><tbody>${rows.join("")}</tbody></table>`;
  return `<nav aria-label="Experiments"><h2 id="map">Experiments</h2>${scrolling("Map of the experiments", table)}</nav>`;
}

/** The reference's mean over all sites, and the best; of a table that has no such column a dash. */
function headline(experiment: Experiment, table: ResultTable | undefined): [string, string] {
  const column = table?.columns.findIndex((title) => title.startsWith("all sites")) ?? -1;
  if (!table || column < 0) return ["–", "–"];
  const { id, variant } = referenceOf(experiment);
  const reference = labelOf({ method: id, variant });
  const [own] = table.rows.filter(({ label }) => withoutMark(label) === reference);
  const best = table.rows.filter(({ cells }) => cells[column].best);
  const said = ({ label, cells }: ResultTable["rows"][number]) => `${label} ${cellParts(cells[column]).number}`;
  const others = best.length > 1 ? ` and ${best.length - 1} more` : "";
  return [own ? said(own) : "–", best.length > 0 ? said(best[0]) + others : "–"];
}
