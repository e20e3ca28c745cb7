import type { FederationRecord, RunRecord } from "../records/schema";
import { wordsOf } from "../records/task-words";
import { countedCases, isAdaptation, isFederation, labelOf, type MethodCase } from "./cases";
import { describeDiverged, sitesOf } from "./diverged";
import { nearBest } from "./near-best";
import { riseRemarks, risingMark } from "./rises";
import { scoreCells, type MethodRow, type ScoreColumn } from "./score-column";
import { distinct, groupBy } from "./strata";
import type { Cell, ResultTable } from "./table";

/**
 * The main table of an experiment: one row for each method, one column for each site (volumetric foreground Dice, mean over test
 * cases and seeds), then over all sites with its interval, of each structure where there are several, the surface distance, and in
 * how many cases there is none. Whatever was recorded is shown: a run that diverged has no part in any mean, and is named.
 */
export function experimentTable(
  kind: "inside" | "outside",
  sites: readonly string[],
  records: readonly RunRecord[],
): ResultTable {
  const cases = countedCases(kind, records);
  const methods = methodRows(records.filter(kind === "inside" ? isFederation : isAdaptation), cases);
  const task = records[0]?.task ?? "no records";
  const words = wordsOf(task);
  const structures = structuresOf(cases, words?.structures);
  const { unit = structures.length > 0 ? "px" : "mm", sought = "prostate" } = words ?? {};
  const columns = columnsOf(sites, structures, unit);
  const scores = columns.map((column) => scoreCells(column, methods));
  const cells = [
    ...scores.map((of, at) => (columns[at].interval ? nearBest(of, methods, cases) : of)),
    methods.map(missedCell),
  ];
  const mark = risingMark(records);
  return {
    title:
      kind === "inside"
        ? `Inside, ${task}: Dice on each client's own test cases`
        : `Outside, ${task}: Dice on the site that was held out`,
    note: noteOf(
      kind === "outside" ? "predictions of the last epoch, labels never seen" : modelsOf(records.filter(isFederation)),
      cases,
      structures.length > 0 ? `Dice, mean of ${structures.join(" and ")}` : `volumetric Dice of the ${sought}`,
    ),
    columns: [...columns.map(({ title }) => title), "missed"],
    rows: methods.map(({ label }, row) => ({ label: mark(label), cells: cells.map((column) => column[row]) })),
    remarks: [...records.flatMap(describeDiverged), ...riseRemarks(records), ...singleCases(cases)],
  };
}

/** In the order of the task: of a record that was written canonically the keys are sorted. */
function structuresOf(cases: readonly MethodCase[], order: readonly string[] = []): string[] {
  const found = distinct(cases.flatMap((scored) => Object.keys(scored.structures ?? {})));
  return [...order.filter((name) => found.includes(name)), ...found.filter((name) => !order.includes(name))];
}

function methodRows(records: readonly RunRecord[], cases: readonly MethodCase[]): MethodRow[] {
  return groupBy(records, labelOf).map((runs) => ({
    label: labelOf(runs[0]),
    cases: cases.filter(({ method }) => method === labelOf(runs[0])),
    diverged: runs.filter(({ diverged }) => diverged !== undefined).map(sitesOf),
  }));
}

function columnsOf(sites: readonly string[], structures: readonly string[], unit: "mm" | "px"): ScoreColumn[] {
  const dice = { digits: 3, best: "largest", unit: "site", pick: (scored: MethodCase) => scored.dice } as const;
  return [
    ...sites.map((site): ScoreColumn => ({ ...dice, title: site, sites: [site] })),
    { ...dice, title: "all sites [95 %]", sites, interval: true },
    ...structures.map((name): ScoreColumn => ({
      ...dice,
      title: name,
      sites,
      pick: (scored) => scored.structures?.[name] ?? null,
    })),
    {
      title: `HD95 ${unit}`,
      digits: 1,
      best: "smallest",
      sites,
      unit: "case",
      pick: (scored) => (hasDistance(scored) ? scored.hd95 : undefined),
    },
  ];
}

/** Whether a distance was asked for and can be had of a good prediction. Two empty masks agree: that is no miss. */
const hasDistance = ({ undefinedBecause }: MethodCase) =>
  undefinedBecause !== "not asked for" && undefinedBecause !== "both empty";

/** In how many cases there is no distance because one of both masks is empty. */
function missedCell({ cases }: MethodRow): Cell {
  const asked = cases.filter(({ undefinedBecause }) => undefinedBecause !== "not asked for");
  const missed = asked.filter((scored) => hasDistance(scored) && scored.hd95 === null);
  return {
    value: undefined,
    digits: 0,
    ...(asked.length > 0 ? { notes: [`${missed.length} of ${asked.length}`] } : {}),
  };
}

/** Whose scores stand in a table of federations. */
const modelsOf = (records: readonly FederationRecord[]): string =>
  distinct(records.map(({ selection }) => selection))
    .map((selection) =>
      selection === "last round" ? "models of the last round" : "models of each client's best round on validation",
    )
    .join(" and ") || "no models yet";

function noteOf(models: string, cases: readonly MethodCase[], scored: string): string {
  const patients = distinct(cases.map(({ site, id }) => JSON.stringify([site, id]))).length;
  const seeds = distinct(cases.map(({ seed }) => seed)).length;
  return [
    `${patients} cases, ${seeds} seed${seeds === 1 ? "" : "s"} (n: cases times seeds, where a mean is over fewer)`,
    scored,
    models,
    `all sites: mean of the sites' means; 95 % interval: bootstrap over cases within sites${seeds > 1 ? " and over seeds" : ", of this one seed"}`,
    "HD95: mean over the cases where both masks have a surface; missed: cases where one of both is empty",
    "best: of the methods with the most cases, over the cases that all of these have",
  ].join("; ");
}

function singleCases(cases: readonly MethodCase[]): string[] {
  const ofMethods = groupBy(cases, ({ method, site }) => JSON.stringify([method, site]));
  const single = distinct(
    ofMethods.filter((of) => distinct(of.map(({ id }) => id)).length < 2).map(([{ site }]) => site),
  );
  if (single.length === 0) return [];
  return [`no interval where a site has a single case (${single.join(", ")}): it does not tell how far cases differ`];
}
