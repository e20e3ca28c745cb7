import { escapeHtml } from "../core/escape-html";
import type { RunRecord } from "../records/schema";
import { isFederation } from "./cases";
import { scrolling } from "./html";
import { htmlTableOf } from "./html-table";

/** What a method says about itself. */
export interface MethodCard {
  readonly id: string;
  readonly kind: "inside" | "outside";
  readonly title: string;
  /** Authors, title, venue, year. */
  readonly citation: string;
  /** Its parameters, each with the paper's symbol in what it says, and as it is by default; nothing where it is then not set. */
  readonly settings: readonly { readonly name: string; readonly says: string; readonly byDefault?: unknown }[];
}

const words = { inside: "training", outside: "test time" } as const;

/** The cards of the methods that a page has runs of, closed until one asks. @returns HTML, nothing without any */
export function methodCards(cards: readonly MethodCard[], records: readonly RunRecord[]): string {
  const keyOf = (kind: MethodCard["kind"], id: string) => `${kind} ${id}`;
  const run = new Set(records.map((each) => keyOf(isFederation(each) ? "inside" : "outside", each.method)));
  const shown = cards.filter(({ kind, id }) => run.has(keyOf(kind, id)));
  return shown.length === 0 ? "" : `<h2 id="methods">Methods</h2>${shown.map(cardOf).join("")}`;
}

function cardOf({ id, kind, title, citation, settings }: MethodCard): string {
  const name = `${id}, ${words[kind]}`;
  const table = htmlTableOf({
    columns: ["parameter", "by default", "what it is"],
    rows: settings.map((each) => [{ text: each.name }, { text: textOf(each.byDefault) }, { text: each.says }]),
    right: () => false,
    named: true,
  });
  const parameters =
    settings.length === 0 ? `<p class="soft">No parameters.</p>` : scrolling(`Parameters of ${name}`, table, false);
  return `<details class="card" id="method-${kind}-${escapeHtml(id)}"><summary>${escapeHtml(title)} <small>${escapeHtml(name)}</small></summary><p class="soft">${escapeHtml(citation)}</p>${parameters}</details>`;
}

function textOf(value: unknown): string {
  if (value === undefined) return "not set";
  return typeof value === "string" ? value : JSON.stringify(value);
}
