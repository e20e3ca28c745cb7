import type { Experiment, Task } from "../records/config";
import type { RunRecord } from "../records/schema";
import { ablationAxes } from "./ablation";
import { countedCases, isAdaptation, isFederation, labelOf } from "./cases";
import type { VegaLiteSpec } from "./figure";
import { alongAxis } from "./figures/along-axis";
import { convergence } from "./figures/convergence";
import { diceBySite } from "./figures/dice-by-site";
import { gateMap, hasGates } from "./figures/gate-map";
import { worstClient } from "./figures/worst-client";
import { groupBy } from "./strata";

/** @returns the figures that an experiment shows of some records */
export function figuresOf(experiment: Experiment, task: Task, records: readonly RunRecord[]): VegaLiteSpec[] {
  const cases = countedCases(experiment.kind, records);
  const scores = cases.length > 0 ? [diceBySite(cases, "Every case")] : [];
  const federations = records.filter(isFederation);
  if (experiment.kind === "inside" && federations.some(({ rounds }) => rounds.length > 0)) {
    const { shows = "ranks" } = experiment;
    const specs = {
      ranks: () => [...scores, convergence(federations)],
      controls: () => [convergence(federations)],
      ablation: () => ablationAxes(experiment, task, federations).map(alongAxis),
      convergence: () => [convergence(federations), worstClient(federations)],
      cost: () => [],
    };
    return specs[shows]();
  }
  const routed = groupBy(records.filter(isAdaptation).filter(hasGates), labelOf);
  const maps = routed.map((of) => gateMap(of, federations, `What the gates of ${labelOf(of[0])} chose`));
  return [...scores, ...maps];
}
