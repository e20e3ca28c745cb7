import { compareMethods, type Comparison } from "../report/compare-methods";
import { comparisonTable } from "../report/comparison-table";
import type { MethodCase } from "../report/cases";
import type { Bundle } from "./bundle";
import { inMarkdown, markdown } from "./markdown";

/** What counts as more than luck; intervals are of 95 %. */
const level = 0.05;

/**
 * Whether a method scores better than the others, in a sentence for each of them, made from difference, interval, p and n; where interval
 * and p seem to contradict each other, what each counts.
 * @param reference as tables name it: `iop-fl`
 */
export function answer(cases: readonly MethodCase[], reference: string): Bundle {
  const comparisons = compareMethods(cases, reference).map((each) => ({
    ...each,
    reference: inMarkdown(each.reference),
    method: inMarkdown(each.method),
  }));
  if (comparisons.length === 0) return markdown(`There is nothing to compare **${inMarkdown(reference)}** with.`);
  const remarks = comparisonTable(cases, reference)?.remarks ?? [];
  const lines = [verdict(comparisons), ...comparisons.map((each) => `- ${sentence(each)}`)];
  return markdown([...lines, ...remarks.map((remark) => `\n${inMarkdown(remark)}`)].join("\n"));
}

type Outcome = "better" | "worse" | "open";

/** Both must say so: the interval leaves out 0, and the test is significant. */
function outcomeOf({ low, high, p }: Comparison): Outcome {
  if (!(p < level)) return "open";
  return low > 0 ? "better" : high < 0 ? "worse" : "open";
}

function verdict(comparisons: readonly Comparison[]): string {
  const [{ reference }] = comparisons;
  const against = (outcome: Outcome): string =>
    comparisons
      .filter((each) => outcomeOf(each) === outcome)
      .map(({ method }) => method)
      .join(", ");
  const parts = [
    ["better", `better than ${against("better")}`],
    ["worse", `worse than ${against("worse")}`],
    ["open", `not told apart from ${against("open")}`],
  ].flatMap(([outcome, text]) => (against(outcome as Outcome) ? [text] : []));
  return `**Here ${reference} is ${parts.join("; ")}.**\n`;
}

/** One comparison in words: `iop-fl scores 0.021 Dice higher than fedavg (95 % interval 0.004 to 0.038, p = 0.012, n = 24 cases of 6 sites)`. */
export function sentence(comparison: Comparison): string {
  const { reference, method, difference, low, high, p, n, sites } = comparison;
  const size = Math.abs(difference).toFixed(3);
  const told =
    Number(size) === 0 ? "the same Dice as" : `${size} Dice ${difference > 0 ? "higher than" : "lower than"}`;
  const interval = Number.isNaN(low)
    ? "no interval, since a site has a single case"
    : `95 % interval ${signed(low)} to ${signed(high)}`;
  const chance = p < 0.001 ? "p < 0.001" : `p = ${p.toFixed(3)}`;
  const unit = `n = ${n} ${n === 1 ? "case" : "cases"} of ${sites} ${sites === 1 ? "site" : "sites"}`;
  return `${reference} scores ${told} ${method} (${interval}, ${chance}, ${unit}): ${conclusion(comparison)}`;
}

function conclusion(comparison: Comparison): string {
  const { low, high, p, n, comparisons } = comparison;
  const outcome = outcomeOf(comparison);
  if (outcome !== "open") return `${outcome}, by more than luck would give.`;
  // All cases on one side give the smallest p there is.
  const least = Math.min(1, comparisons * 2 ** (1 - n));
  if (least >= level) return `${n} cases are too few to show anything, whatever they say.`;
  if (Number.isNaN(low) || (low <= 0 && high >= 0 && p >= level)) return "this may be luck.";
  return "interval and test disagree, so it stays open.";
}

const signed = (value: number) => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(3)}`;
