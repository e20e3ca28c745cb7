import { existsSync } from "node:fs";
import { join } from "node:path";
import { WorkbenchError } from "../core/errors";
import { describeSeconds } from "../core/duration";
import { escapeHtml } from "../core/escape-html";
import { sum } from "../core/mean";
import { sitePanels } from "../data/set/panels";
import { contactSheet } from "../io/contact-sheet";
import type { Profile, Task } from "../records/config";
import { loadSites, phantomFolder } from "../records/dataset";
import type { Provenance, RunRecord } from "../records/schema";
import { htmlDefinitions, scrolling } from "./html";
import { distinct } from "./strata";

/** Three images of every site of a phantom that has been written; nothing when it has not, and the reason when it cannot be read. */
export function phantomFigure(task: Task, { data }: Profile): string {
  if (task.set === "own")
    return `<p class="soft">${escapeHtml(task.title)}: images of one's own, of ${escapeHtml(task.sites.join(", "))}; a page shows none of them.</p>`;
  if (data.source !== "phantom" || !existsSync(join(phantomFolder(task, data), "summary.json"))) return "";
  try {
    const sites = [...loadSites(task, data, phantomFolder(task, data)).values()];
    const png = contactSheet(sitePanels(sites.map(({ parts }) => parts.train)), { columns: sites.length });
    const alt = `three images of each site: ${sites.map(({ site }) => site).join(", ")}`;
    const image = `<img alt="${escapeHtml(alt)}" src="data:image/png;base64,${Buffer.from(png).toString("base64")}">`;
    return `<figure>${scrolling(`${task.title}: images`, image)}<figcaption>${escapeHtml(task.title)}: ${escapeHtml(alt)} (the phantom), with the outline of the reference.</figcaption></figure>`;
  } catch (error) {
    if (!(error instanceof WorkbenchError)) throw error;
    // The message names a place on this machine, which is nobody's business.
    return `<p class="soft">The phantom's images cannot be read; <code>npx iopfl data phantom ${escapeHtml(task.id)}</code> tells why.</p>`;
  }
}

/** How large the experiments of a profile are. */
export function profileSettings({ data, net, training, adaptation, seeds }: Profile): string {
  const { rounds, batch, localEpochs, optimiser } = training;
  return htmlDefinitions({
    images: `${data.side} x ${data.side}, ${data.source}, reading "${data.reading}"`,
    network: `U-Net, ${net.features} features in the first level`,
    training: `${rounds} rounds of ${localEpochs} local epoch${localEpochs === 1 ? "" : "s"}, batch ${batch}, ${optimiser.kind} ${optimiser.learningRate}`,
    adaptation: `${adaptation.epochs} epochs, batch ${adaptation.batch}`,
    seeds: seeds.join(", "),
  });
}

/** @returns the parameters with which a run was made, defaults and all */
export function describeParams(params: RunRecord["params"]): string {
  const text = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
  const entries = Object.entries(params).map(([name, value]) => `${name} ${text(value)}`);
  return entries.length === 0 ? "no parameters" : entries.join(", ");
}

/** Where an experiment's numbers come from. Its dates are those of the runs, so that a page built again has the same bytes. */
export function provenanceList(records: readonly RunRecord[], found: readonly Provenance[]): string {
  const list = (values: readonly string[]) => distinct(values).join(", ");
  const data = { data: `hash ${list(records.map(({ numerics }) => numerics.data))}` };
  if (found.length === 0) return htmlDefinitions(data);
  return htmlDefinitions({
    measured: datesOf(found),
    ...data,
    engine: list(
      found.map(({ engine }) => `${engine.name} ${engine.version} (${engine.device}, ${engine.threads} thread)`),
    ),
    "computing time": `${describeSeconds(sum(found.map(({ wallSeconds }) => wallSeconds)))} in ${found.length} jobs`,
    code: list(found.map(({ commit }) => commit)),
    machine: list(found.map(({ processor, cores, node }) => `${processor}, ${cores} cores, Node ${node}`)),
  });
}

/** @returns the day or the days on which runs finished: `2026-11-28` or `2026-11-26 to 2026-11-28` */
export function datesOf(found: readonly Provenance[]): string {
  const days = found.map(({ finished }) => finished.slice(0, 10)).sort();
  const [first, last] = [days[0], days[days.length - 1]];
  return first === last ? first : `${first} to ${last}`;
}
