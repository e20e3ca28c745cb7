import { mean } from "../core/mean";
import type { RunRecord } from "../records/schema";
import { bootstrapInterval } from "../stats/bootstrap";
import { interquartileMean } from "../stats/interquartile-mean";
import { standardDeviation } from "../stats/summary";
import { averageRanks } from "../stats/wilcoxon";
import { countedCases, isAdaptation, isFederation, labelOf, type MethodCase } from "./cases";
import { testMethods } from "./compare-methods";
import { describeDiverged } from "./diverged";
import { orderOf, orderRemark, placeCell, type Ranked } from "./order";
import { riseRemarks, risingMark } from "./rises";
import { caseKey, distinct, groupBy, strataOf, type CaseValue } from "./strata";
import { probabilityCell, type Cell, type ResultTable } from "./table";
import { workCells, workColumns } from "./work-cells";

/**
 * Every method of an experiment in a row: its score, how it ranks and how surely, whom it serves worst, how far seeds move it, and of training
 * what it took.
 * @param reference as tables name it
 */
export function summaryTable(kind: "inside" | "outside", found: readonly RunRecord[], reference: string): ResultTable {
  const records = found.filter(kind === "inside" ? isFederation : isAdaptation);
  const cases = countedCases(kind, records);
  const mark = risingMark(records);
  const ranks = rankValues(cases);
  const tests = testMethods(cases, reference);
  const ranked = groupBy(ranks, ({ method }) => method);
  const stability = orderOf(ranks);
  const inside = kind === "inside";
  return {
    title: `Scores, ranks${inside ? " and work" : ""}; p against ${mark(reference)}`,
    note: `Dice: mean of the sites' means on test cases, 95 % interval by bootstrap over cases within sites and over seeds; middle half: interquartile mean of the cases of a site, seeds averaged, mean over sites; n: cases times seeds; p: Wilcoxon's signed-rank test over cases, paired, two-sided, Holm's correction over all rows; rank: of the methods on each case and seed, 1 the best, mean and interval likewise; place: by mean Dice over the cases and seeds that all have, and where 95 % of the draws of other cases and seeds put it; worst: the lowest mean of a site; seeds: deviation of the mean between seeds${inside ? "; work and bytes: of all clients, a round on average, in batches and MB" : ""}`,
    columns: [
      "Dice [95 %]",
      "middle half",
      "n",
      "p",
      "rank [95 %]",
      "place [95 %]",
      inside ? "worst client" : "worst site",
      "seeds",
      ...(inside ? workColumns : []),
    ],
    rows: groupBy(records, labelOf).map((runs) => {
      const label = labelOf(runs[0]);
      const own = cases.filter(({ method }) => method === label);
      const races = ranked.find(([{ method }]) => method === label) ?? [];
      return {
        label: mark(label),
        cells: [
          meanCell(own.map(asValue), [0, 1], 3),
          middleCell(own),
          { value: own.length, digits: 0 },
          probabilityCell(tests.get(label)),
          meanCell(races, [1, ranked.length], 2),
          placeCell(stability?.places.get(label)),
          worstCell(own),
          seedsCell(own),
          ...(inside ? workCells(runs.filter(isFederation)) : []),
        ],
      };
    }),
    remarks: [
      ...(stability ? [orderRemark(stability)] : []),
      ...records.flatMap(describeDiverged),
      ...riseRemarks(records),
    ],
  };
}

const asValue = ({ site, id, seed, dice }: MethodCase): CaseValue => ({ site, id, seed, value: dice });

/** Ranks on each case and seed that every method with scores has: a mean over other cases would not be of the same races. */
function rankValues(cases: readonly MethodCase[]): Ranked[] {
  const methods = distinct(cases.map(({ method }) => method)).length;
  const races = groupBy(cases, caseKey);
  return races
    .filter((race) => race.length === methods)
    .flatMap((race) => {
      const { ranks } = averageRanks(race.map(({ dice }) => -dice));
      return race.map(({ site, id, seed, method, dice }, index) => ({
        site,
        id,
        seed,
        method,
        dice,
        value: ranks[index],
      }));
    });
}

function meanCell(values: readonly CaseValue[], range: readonly [number, number], digits: number): Cell {
  if (values.length === 0) return { value: undefined, digits };
  const { mean: value, low, high } = bootstrapInterval(strataOf(values), { range });
  return { value, digits, ...(Number.isNaN(low) ? {} : { interval: [low, high] as const }) };
}

const meansOf = (cases: readonly MethodCase[], keyOf: (each: MethodCase) => string) =>
  groupBy(cases, keyOf).map((of) => ({ of: keyOf(of[0]), dice: mean(of.map(({ dice }) => dice)) }));

/** Few cases that fail or shine do not move it. */
function middleCell(cases: readonly MethodCase[]): Cell {
  const sites = groupBy(cases, ({ site }) => site).map((of) =>
    interquartileMean(meansOf(of, ({ id }) => id).map(({ dice }) => dice)),
  );
  return { value: sites.length === 0 ? undefined : mean(sites), digits: 3 };
}

function worstCell(cases: readonly MethodCase[]): Cell {
  const [worst] = meansOf(cases, ({ site }) => site).sort((a, b) => a.dice - b.dice);
  return worst ? { value: worst.dice, digits: 3, notes: [worst.of] } : { value: undefined, digits: 3 };
}

function seedsCell(cases: readonly MethodCase[]): Cell {
  const seeds = groupBy(cases, ({ seed }) => String(seed)).map((of) =>
    mean(meansOf(of, ({ site }) => site).map(({ dice }) => dice)),
  );
  return { value: seeds.length < 2 ? undefined : standardDeviation(seeds), digits: 3 };
}
