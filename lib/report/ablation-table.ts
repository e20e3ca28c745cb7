import { mean } from "../core/mean";
import type { AblationAxis } from "./ablation";
import { describeDiverged } from "./diverged";
import { riseRemarks, validationCurve } from "./rises";
import { stillRises } from "../stats/rise";
import type { Cell, ResultTable } from "./table";
import { workCells, workColumns } from "./work-cells";

/** What moves along an axis: a row for each method at each place. */
export function ablationTable({ name, sites, points }: AblationAxis): ResultTable {
  const runs = points.flatMap((point) => point.runs);
  return {
    title: `Along ${name}`,
    note: `mean test Dice over the sites that all runs trained (${sites.join(", ")}), each counting the same, 95 % interval by bootstrap over cases within sites and over seeds; steps in all: of all clients over all rounds; the rest a round on average`,
    columns: ["Dice [95 %]", "runs", "steps in all", ...workColumns],
    rows: points.map(({ method, value, runs: own, dice, low, high }) => {
      const steps = own.flatMap(({ work }) => work?.steps ?? []);
      const score: Cell = Number.isNaN(dice)
        ? { value: undefined, digits: 3, notes: ["diverged"] }
        : { value: dice, digits: 3, ...(Number.isNaN(low) ? {} : { interval: [low, high] as const }) };
      return {
        label: `${method}, ${name} ${value}${own.some((run) => stillRises(validationCurve(run))) ? " ↑" : ""}`,
        cells: [
          score,
          { value: own.length, digits: 0 },
          { value: steps.length === 0 ? undefined : mean(steps), digits: 0 },
          ...workCells(own),
        ],
      };
    }),
    remarks: [...runs.flatMap(describeDiverged), ...riseRemarks(runs)],
  };
}
