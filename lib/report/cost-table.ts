import { mean } from "../core/mean";
import type { FoundRecord } from "../records/found";
import type { FederationRecord } from "../records/schema";
import { isFederation, labelOf } from "./cases";
import { describeDiverged } from "./diverged";
import { distinct, groupBy } from "./strata";
import type { Cell, ResultTable } from "./table";
import { roundWork } from "./work-cells";

/** The costs of one method, a round on average. */
interface Costs {
  readonly [name: string]: number | undefined;
}

const columns: readonly (readonly [title: string, cost: string, digits: number])[] = [
  ["bytes up", "up", 2],
  ["bytes down", "down", 2],
  ["steps", "steps", 2],
  ["backwards", "backwards", 2],
  ["CPU seconds", "cpu", 2],
  ["seconds", "wall", 2],
  ["memory", "memory", 2],
];

/**
 * What each method costs over the experiment's reference in the same run; the reference's own row says how much 1 is.
 * @param unit the reference's label
 */
export function costTable(found: readonly FoundRecord[], unit: string): ResultTable {
  const runs = found.filter(({ record }) => isFederation(record) && record.diverged === undefined);
  const rows = groupBy(runs, ({ record }) => labelOf(record)).map((of) => ({
    label: labelOf(of[0].record),
    costs: costsOf(of),
  }));
  const one = rows.find(({ label }) => label === unit)?.costs;
  return {
    title: `What it costs, over ${unit} in the same run`,
    note: `each number over that of ${unit}, a round on average over seeds; bytes: of all clients, measured as they were sent; steps and backwards: of the optimiser, and batches that gave a gradient; seconds and memory: of the whole job with its validation and final scores, memory the peak of its process; jobs ran one after the other`,
    columns: columns.map(([title]) => title),
    rows: rows.map(({ label, costs }) => ({
      label,
      cells: columns.map(([, cost, digits]): Cell => ({ value: ratio(costs[cost], one?.[cost]), digits })),
    })),
    remarks: [
      ...(one
        ? [`${unit}, a round: ${unitLine(one)}`]
        : [`${unit} has not been run: there is nothing to set costs in relation to`]),
      ...mixture(runs),
      ...found.flatMap(({ record }) => describeDiverged(record)),
    ],
  };
}

const ratio = (value: number | undefined, one: number | undefined): number | undefined =>
  value === undefined || one === undefined || one === 0 ? undefined : value / one;

function costsOf(found: readonly FoundRecord[]): Costs {
  const average = (pick: (each: FoundRecord) => number | undefined): number | undefined => {
    const values = found.flatMap((each) => pick(each) ?? []);
    return values.length === 0 ? undefined : mean(values);
  };
  const federation = ({ record }: FoundRecord) => record as FederationRecord;
  const perRound = (each: FoundRecord, total: number | undefined) =>
    total === undefined ? undefined : total / Math.max(1, federation(each).rounds.length);
  return {
    up: average((each) => roundWork(federation(each))?.megabytesUp),
    down: average((each) => roundWork(federation(each))?.megabytesDown),
    steps: average((each) => roundWork(federation(each))?.steps),
    backwards: average((each) => roundWork(federation(each))?.backwards),
    cpu: average((each) => perRound(each, each.provenance?.cpuSeconds)),
    wall: average((each) => perRound(each, each.provenance?.wallSeconds)),
    memory: average(({ provenance }) => provenance?.peakMemoryMegabytes),
  };
}

function unitLine({ up, down, steps, backwards, cpu, wall, memory }: Costs): string {
  const text = (value: number | undefined, digits: number) => (value === undefined ? "–" : value.toFixed(digits));
  return `${text(up, 2)} MB up, ${text(down, 2)} MB down, ${text(steps, 1)} steps, ${text(backwards, 1)} backwards, ${text(cpu, 2)} CPU seconds, ${text(wall, 2)} seconds; memory ${text(memory, 0)} MB`;
}

/** Times of different machines or commits are no times of one run. */
function mixture(found: readonly FoundRecord[]): string[] {
  const made = distinct(
    found.flatMap(({ provenance: of }) => (of ? [`${of.processor}, ${of.cores} cores, commit ${of.commit}`] : [])),
  );
  return made.length < 2 ? [] : [`not of one run, so that times do not compare: ${made.join("; ")}`];
}
