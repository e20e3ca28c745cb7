import { referenceOf, type Experiment, type Task } from "../records/config";
import type { FoundRecord } from "../records/found";
import { readTuned } from "../records/tuned";
import { ablationAxes } from "./ablation";
import { ablationTable } from "./ablation-table";
import { countedCases, isFederation, labelOf } from "./cases";
import { comparisonTable } from "./comparison-table";
import { controlsTable } from "./controls-table";
import { convergenceTable } from "./convergence-table";
import { costTable } from "./cost-table";
import { experimentTable } from "./experiment-table";
import { risingMark } from "./rises";
import { summaryTable } from "./summary-table";
import type { ResultTable } from "./table";
import { tuningTable } from "./tuning-table";

/** @returns the tables that an experiment shows of some records, the main one first */
export function tablesOf(experiment: Experiment, task: Task, found: readonly FoundRecord[]): ResultTable[] {
  const records = found.map(({ record }) => record);
  const scores = () => experimentTable(experiment.kind, task.sites, records);
  const { id: method, variant } = referenceOf(experiment);
  const reference = labelOf({ method, variant });
  const cases = countedCases(experiment.kind, records);
  const compared = () => comparisonTable(cases, reference, risingMark(records)) ?? [];
  const summary = () => summaryTable(experiment.kind, records, reference);
  if (experiment.kind === "outside") return [scores(), summary(), compared()].flat();
  const federations = records.filter(isFederation);
  const { shows = "ranks" } = experiment;
  const axes = ablationAxes(experiment, task, federations);
  const tuned = experiment.tuned ? readTuned(task.id, federations[0]?.profile ?? "") : undefined;
  const tables = {
    ranks: () => [scores(), summary(), compared(), tuned ? tuningTable(tuned) : []],
    controls: () => [controlsTable(task, records), convergenceTable(federations)],
    ablation: () => [...(axes.length > 0 ? axes.map(ablationTable) : [scores()]), compared()],
    convergence: () => [convergenceTable(federations)],
    cost: () => [costTable(found, reference)],
  };
  return tables[shows]().flat();
}
