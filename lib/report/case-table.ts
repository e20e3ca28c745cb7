import { mean } from "../core/mean";
import { escapeHtml } from "../core/escape-html";
import { referenceOf, type Experiment } from "../records/config";
import type { RunRecord } from "../records/schema";
import { countedCases, labelOf, type MethodCase } from "./cases";
import { scrolling } from "./html";
import { htmlTableOf, type HtmlCell } from "./html-table";
import { isPictured } from "./picture-figure";
import { groupBy } from "./strata";

/** Rows that a page can hold; of more cases these are the ones that the reference finds hardest. */
const most = 150;

/**
 * Case by case, the hardest for the reference first: its Dice beside the mean over all methods, and which method did best and which worst; seeds
 * are averaged. @returns a part of the page that opens; nothing where methods are not what is compared
 */
export function caseTable(experiment: Experiment, records: readonly RunRecord[]): string {
  if (!isPictured(experiment)) return "";
  const { id, variant } = referenceOf(experiment);
  const reference = labelOf({ method: id, variant });
  const rows = groupBy(countedCases(experiment.kind, records), ({ site, id: of }) => JSON.stringify([site, of]))
    .flatMap((of) => rowOf(of, reference) ?? [])
    .sort((a, b) => a.own - b.own);
  if (rows.length < 2 || rows[0].methods < 2) return "";
  const table = htmlTableOf({
    caption: `Case by case, the hardest for ${reference} first`,
    columns: ["case", reference, "mean of all", "best", "worst"],
    rows: rows.slice(0, most).map(({ cells }) => cells),
    right: (column) => column === 1 || column === 2,
    named: true,
  });
  const part = rows.length > most ? `; the ${most} hardest of ${rows.length}` : "";
  const note = `Dice of ${rows.length} cases, seeds averaged${part}. All of them: npx iopfl pack.`;
  return `<details class="cases"><summary>Case by case</summary><figure>${scrolling("Case by case", table)}<figcaption>${escapeHtml(note)}</figcaption></figure></details>`;
}

interface Row {
  /** Dice of the reference. */
  readonly own: number;
  readonly methods: number;
  readonly cells: readonly HtmlCell[];
}

function rowOf(of: readonly MethodCase[], reference: string): Row | undefined {
  const scores = groupBy(of, ({ method }) => method)
    .map(([first, ...others]) => ({ method: first.method, dice: mean([first, ...others].map(({ dice }) => dice)) }))
    .sort((a, b) => b.dice - a.dice);
  const own = scores.find(({ method }) => method === reference)?.dice;
  if (own === undefined) return undefined;
  const told = ({ method, dice }: (typeof scores)[number]): HtmlCell => ({ text: `${dice.toFixed(3)} ${method}` });
  const number = (value: number): HtmlCell => ({ text: value.toFixed(3) });
  const [{ site, id }] = of;
  const average = number(mean(scores.map(({ dice }) => dice)));
  const cells = [{ text: `${site} ${id}` }, number(own), average, told(scores[0]), told(scores[scores.length - 1])];
  return { own, methods: scores.length, cells };
}
