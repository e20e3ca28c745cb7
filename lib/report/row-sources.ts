import { escapeHtml } from "../core/escape-html";
import type { FoundRecord } from "../records/found";
import { isFederation, labelOf } from "./cases";
import { htmlDefinitions } from "./html";
import { datesOf, describeParams } from "./sections";
import { distinct, groupBy } from "./strata";

/** Where the rows of an experiment's tables come from. */
export interface RowSources {
  /** A part of the page that opens; empty without rows. */
  readonly html: string;
  /** By label the address of what is said of a row. */
  readonly links: ReadonlyMap<string, string>;
}

/**
 * Of each row: its parameters, the runs behind it, what computed them, when, at which commit, and the command that computes it again.
 * @param experiment the id, which is part of addresses within the page
 */
export function rowSources(experiment: string, profile: string, rows: readonly FoundRecord[]): RowSources {
  const groups = groupBy(rows, ({ record }) => labelOf(record));
  const places = groups.map((_, index) => `${experiment}-row-${index + 1}`);
  const links = new Map(groups.map((of, index) => [labelOf(of[0].record), `#${encodeURIComponent(places[index])}`]));
  const parts = groups.map(
    (of, index) =>
      `<div id="${escapeHtml(places[index])}"><h3>${escapeHtml(labelOf(of[0].record))}</h3>${htmlDefinitions(factsOf(of))}<pre>${escapeHtml(commandOf(experiment, profile, of[0]))}</pre></div>`,
  );
  const html = `<details class="sources"><summary>Where each row comes from</summary>${parts.join("")}</details>`;
  return { html: groups.length === 0 ? "" : html, links };
}

function factsOf(of: readonly FoundRecord[]): Record<string, string> {
  const list = (values: readonly string[]) => distinct(values).join(", ");
  const made = of.flatMap(({ provenance }) => provenance ?? []);
  const seeds = list(of.map(({ record }) => String(record.seed)));
  const heldOut = of.flatMap(({ record }) => (isFederation(record) ? [] : record.heldOut));
  return {
    runs: `${of.length}: seeds ${seeds}${heldOut.length > 0 ? `; held out ${list(heldOut)}` : ""}`,
    parameters: distinct(of.map(({ record }) => describeParams(record.params))).join(" | and in other records: "),
    ...(made.length > 0 ? { measured: datesOf(made), commit: list(made.map(({ commit }) => commit)) } : {}),
    engine: list(of.map(({ record: { numerics } }) => `${numerics.engine} (${numerics.arithmetic})`)),
    code: list(of.map(({ record }) => record.numerics.code)),
    records: list(of.map(({ record }) => record.id)),
  };
}

const commandOf = (experiment: string, profile: string, { record: { method, variant } }: FoundRecord) =>
  `npx iopfl run ${experiment} --profile ${profile} --only method=${method}${variant === undefined ? "" : ` variant=${variant}`}`;
