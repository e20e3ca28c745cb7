import type { MethodCase } from "./cases";
import { compareMethods, type Comparison } from "./compare-methods";
import { cellParts, probabilityCell, probabilityWords, type Cell, type ResultTable } from "./table";

/** What counts as significant; intervals are of 95 %. */
const level = 0.05;

/**
 * The reference against every other method, as a table; `undefined` when no method has a case in common with it. @param mark how a method is
 * named, for one whose curve still rises
 */
export function comparisonTable(
  cases: readonly MethodCase[],
  reference: string,
  mark: (label: string) => string = (label) => label,
): ResultTable | undefined {
  const comparisons = compareMethods(cases, reference);
  if (comparisons.length === 0) return undefined;
  return {
    title: `${mark(reference)} against the others, on the same cases`,
    note: "difference in Dice, paired by case and seed; interval, 95 %: of the mean over sites, each counting the same, by bootstrap over cases within sites and over seeds; p: Wilcoxon's signed-rank test over all cases, each counting the same and its seeds averaged, two-sided, with Holm's correction; better on a case: how probably the reference is, ties half, sites and seeds likewise; effect: mean difference over cases by its standard deviation (Cohen, for pairs, with Hedges' factor); by Student's t: mean difference over cases, each counting the same and its seeds averaged, its interval and the p of the paired test with Holm's correction, for those who trust means of differences to be normal; no selection by test labels",
    columns: [
      "cases",
      "better in",
      "difference [95 %]",
      "p",
      "better on a case [95 %]",
      "effect",
      "by Student's t [95 %]",
    ],
    rows: comparisons.map(({ method, n, better, difference, low, high, p, improves, effect, student }) => ({
      label: `${mark(reference)} minus ${mark(method)}`,
      cells: [
        { value: n, digits: 0 },
        { value: better, digits: 0 },
        { value: difference, digits: 3, ...(Number.isNaN(low) ? {} : { interval: [low, high] as const }) },
        probabilityCell(p),
        {
          value: improves.mean,
          digits: 2,
          ...(improves.low < improves.high ? { interval: [improves.low, improves.high] as const } : {}),
        },
        { value: Number.isNaN(effect) ? undefined : effect, digits: 2 },
        studentCell(student),
      ],
    })),
    remarks: remarksOn(comparisons, new Set(cases.map(({ seed }) => seed)).size),
  };
}

function studentCell({ mean, low, high, p }: Comparison["student"]): Cell {
  if (Number.isNaN(p)) return { value: mean, digits: 3, notes: ["all cases differ alike"] };
  const { number } = cellParts(probabilityCell(p));
  const printed = number.startsWith("<") ? `p ${number}` : `p = ${number}`;
  return { value: mean, digits: 3, interval: [low, high], notes: [printed] };
}

/** Which have no interval, where interval and p seem to contradict each other, and once why they can. */
function remarksOn(comparisons: readonly Comparison[], seeds: number): string[] {
  const single = comparisons.filter(({ low }) => Number.isNaN(low));
  const apart = comparisons.filter((each) => !single.includes(each) && leavesOutZero(each) !== each.p < level);
  const others = seeds > 1 ? ", and other seeds are asked about as well as other cases" : "";
  return [
    ...single.map((each) => `${pairOf(each)}: no interval, since a site has a single case in common`),
    ...apart.map(contradiction),
    ...apart
      .slice(0, 1)
      .map(
        ({ sites }) =>
          `Where interval and p disagree, they ask different questions: the interval is about the mean difference, in which each of ${sites} ${sites === 1 ? "site" : "sites"} counts the same and a large difference weighs as much as it is${others}; the test ranks the cases, each counting the same${seeds > 1 ? " and its seeds averaged" : ""}.`,
      ),
  ];
}

const pairOf = ({ reference, method }: Comparison): string => `${reference} minus ${method}`;
const leavesOutZero = ({ low, high }: Comparison): boolean => low > 0 || high < 0;

function contradiction(comparison: Comparison): string {
  const { reference, n, p, uncorrected, comparisons, better, worse } = comparison;
  const corrected =
    comparisons > 1
      ? `; before the correction for ${comparisons} comparisons p is ${probabilityWords(uncorrected)}`
      : "";
  // All cases on one side give the smallest p there is.
  const least = Math.min(1, comparisons * 2 ** (1 - n));
  const few =
    least >= level
      ? `; with ${n} cases${comparisons > 1 ? ` and ${comparisons} comparisons` : ""} p cannot be below ${least.toFixed(4)}`
      : "";
  return `${pairOf(comparison)}: the interval ${leavesOutZero(comparison) ? "leaves out 0" : "holds 0"} while p is ${probabilityWords(p)}; of ${n} cases ${better} are better and ${worse} worse with ${reference}${corrected}${few}`;
}
