import { existsSync } from "node:fs";
import { join } from "node:path";
import { escapeHtml } from "../core/hostile-text";
import { sitePanels } from "../data/set/panels";
import { contactSheet } from "../io/contact-sheet";
import type { Profile, Task } from "../records/config";
import { loadSites, phantomFolder } from "../records/dataset";
import type { Provenance } from "../records/schema";
import { compareMethods } from "./compare-methods";
import type { MethodCase } from "./cases";
import type { ResultTable } from "./table";

/** The reference against every other method, as a table; `undefined` when there is nothing to compare. */
export function comparisonTable(cases: readonly MethodCase[], reference: string): ResultTable | undefined {
  const comparisons = compareMethods(cases, reference);
  if (comparisons.length === 0 || comparisons.every(({ n }) => n === 0)) return undefined;
  return {
    title: `${reference} against the others, on the same cases`,
    note: "difference in Dice, mean over sites; 95 % interval: bootstrap over cases within sites; p: Wilcoxon's signed-rank test over cases, two-sided, with Holm's correction; no selection by test labels",
    columns: ["cases", "difference [95 %]", "p"],
    rows: comparisons.map(({ method, n, difference, low, high, p }) => ({
      label: `${reference} minus ${method}`,
      cells: [
        { value: n, digits: 0 },
        { value: difference, digits: 3, interval: [low, high] },
        { value: p, digits: 4 },
      ],
    })),
  };
}

/** Three images of every site of a phantom that has been written; nothing when it has not. */
export function phantomFigure(task: Task, { data }: Profile): string {
  if (data.source !== "phantom" || !existsSync(join(phantomFolder(task, data), "summary.json"))) return "";
  const sites = [...loadSites(task, data, phantomFolder(task, data)).values()];
  const png = contactSheet(sitePanels(sites.map(({ parts }) => parts.train)), { columns: sites.length });
  const image = `<img alt="three images of every site" src="data:image/png;base64,${Buffer.from(png).toString("base64")}">`;
  return `<figure>${image}<figcaption>${escapeHtml(task.title)}: three images of each site's phantom, with the outline of the reference.</figcaption></figure>`;
}

/** How large the experiments of a profile are. */
export function profileSettings({ data, net, training, adaptation, seeds }: Profile): string {
  const { rounds, batch, localEpochs, optimiser } = training;
  return definitions({
    images: `${data.side} x ${data.side}, ${data.source}, reading "${data.reading}"`,
    network: `U-Net, ${net.features} features in the first level`,
    training: `${rounds} rounds of ${localEpochs} local epoch${localEpochs === 1 ? "" : "s"}, batch ${batch}, ${optimiser.kind} ${optimiser.learningRate}`,
    adaptation: `${adaptation.epochs} epochs, batch ${adaptation.batch}`,
    seeds: seeds.join(", "),
  });
}

/** Where an experiment's numbers come from. */
export function provenanceList(found: readonly Provenance[]): string {
  if (found.length === 0) return "";
  const distinct = (values: readonly string[]) => [...new Set(values)].join(", ");
  return definitions({
    engine: distinct(
      found.map(({ engine }) => `${engine.name} ${engine.version} (${engine.device}, ${engine.threads} thread)`),
    ),
    "computing time": `${(found.reduce((sum, each) => sum + each.wallSeconds, 0) / 60).toFixed(1)} min in ${found.length} jobs`,
    code: distinct(found.map(({ commit }) => commit)),
    machine: distinct(found.map(({ processor, cores, node }) => `${processor}, ${cores} cores, Node ${node}`)),
  });
}

function definitions(fields: Readonly<Record<string, string>>): string {
  return `<dl>${Object.entries(fields)
    .map(([term, text]) => `<dt>${escapeHtml(term)}</dt><dd>${escapeHtml(text)}</dd>`)
    .join("")}</dl>`;
}
