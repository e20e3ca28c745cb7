import { mean } from "../core/mean";
import type { Task } from "../records/config";
import { readReferenceRanges, type ControlFigure, type ReferenceRange } from "../records/reference-ranges";
import type { FederationRecord, RunRecord } from "../records/schema";
import { stillRises } from "../stats/rise";
import { casesOf, isFederation, type MethodCase } from "./cases";
import { describeDiverged } from "./diverged";
import { riseRemarks, validationCurve } from "./rises";
import { scoreCells, type ScoreColumn } from "./score-column";
import { groupBy } from "./strata";
import type { Cell, ResultTable } from "./table";

type Scores = FederationRecord["scores"][number];

/** Whether a figure is made of some scores of a run of its control. */
const takes: Readonly<Record<ControlFigure["scored"], (run: FederationRecord, scores: Scores) => boolean>> = {
  own: ({ sites, variant }, { model, of, site }) =>
    variant === undefined && model === "personal" && of === undefined && sites.includes(site),
  "left-out": ({ sites }, { model, site }) => model === "global" && !sites.includes(site),
  another: (_, { model, of }) => model === "personal" && of !== undefined,
};

/**
 * How hard a set is, by controls alone: each figure on the same test cases of every site, beside what others measured on the real set. A case that
 * several models of other sites were scored on counts once, with their mean.
 */
export function controlsTable(task: Task, records: readonly RunRecord[]): ResultTable {
  const runs = records.filter(isFederation);
  const finished = runs.filter(({ diverged }) => diverged === undefined);
  const { figures, ranges } = readReferenceRanges(task.id);
  const rows = figures.map((figure) => ({ figure, cases: figureCases(figure, finished), diverged: [] }));
  const columns: ScoreColumn[] = [
    ...task.sites.map((site) => ({ title: site, sites: [site], interval: false })),
    { title: "all sites [95 %]", sites: task.sites, interval: true },
  ].map((each) => ({ ...each, digits: 3, best: "largest", unit: "site", pick: ({ dice }) => dice }));
  const cells = columns.map((column) =>
    scoreCells(
      column,
      rows.map((row) => ({ ...row, label: row.figure.id })),
    ),
  );
  const seeds = new Set(finished.map(({ seed }) => seed)).size;
  return {
    title: `How hard is ${task.id}: Dice of the controls on the same test cases`,
    note: `${seeds} ${seeds === 1 ? "seed" : "seeds"}; all sites: mean of the sites' means, 95 % interval by bootstrap over cases within sites and over seeds; published: others' work on the real set, lowest to highest site and mean, with other splits and definitions; models of the last round`,
    columns: [...columns.map(({ title }) => title), "published"],
    rows: rows.map(({ figure }, row) => ({
      label: titleOf(figure, finished),
      cells: [...cells.map((column): Cell => ({ ...column[row], best: false })), publishedCell(figure, ranges)],
    })),
    remarks: [
      ...runs.flatMap(describeDiverged),
      ...riseRemarks(runs),
      ...figures.flatMap(({ id, title }) =>
        ranges.filter(({ figure }) => figure === id).map(({ source }) => `published, ${title}: ${source}`),
      ),
    ],
  };
}

/** The scores of each run that has a part in a figure. */
function partsOf(figure: ControlFigure, runs: readonly FederationRecord[]) {
  return runs
    .filter(({ method }) => method === figure.method)
    .map((run) => ({
      run,
      scores: run.scores.filter((each) => each.part === "test" && takes[figure.scored](run, each)),
    }))
    .filter(({ scores }) => scores.length > 0);
}

function titleOf(figure: ControlFigure, runs: readonly FederationRecord[]): string {
  const rises = partsOf(figure, runs).some(({ run }) => stillRises(validationCurve(run)));
  return rises ? `${figure.title} ↑` : figure.title;
}

function figureCases(figure: ControlFigure, runs: readonly FederationRecord[]): MethodCase[] {
  const all = partsOf(figure, runs).flatMap(({ run, scores }) =>
    scores.flatMap(({ site, cases }) => casesOf(run, site, cases)),
  );
  return groupBy(all, ({ site, id, seed }) => JSON.stringify([site, id, seed])).map((of) => ({
    ...of[0],
    method: figure.id,
    dice: mean(of.map(({ dice }) => dice)),
  }));
}

function publishedCell({ id }: ControlFigure, ranges: readonly ReferenceRange[]): Cell {
  const found = ranges.find(({ figure }) => figure === id);
  if (!found) return { value: undefined, digits: 3 };
  const [low, high] = found.dice.map((value) => value.toFixed(3));
  const text = low === high ? `mean ${low}` : `${low} to ${high}, mean ${found.mean.toFixed(3)}`;
  return { value: undefined, digits: 3, notes: [text] };
}
