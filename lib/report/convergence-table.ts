import { mean } from "../core/mean";
import type { FederationRecord } from "../records/schema";
import { riseAtEnd } from "../stats/rise";
import { standardDeviation } from "../stats/summary";
import { labelOf } from "./cases";
import { describeDiverged } from "./diverged";
import { riseRemarks, risingMark, validationCurve } from "./rises";
import { groupBy } from "./strata";
import type { Cell, ResultTable } from "./table";

/** How near to its end a curve counts as there. */
const near = 0.01;

/** How each method came to its end, read off validation Dice after each round: means over seeds. */
export function convergenceTable(records: readonly FederationRecord[]): ResultTable {
  const mark = risingMark(records);
  return {
    title: "How training converged, on validation cases",
    note: `end: mean Dice over clients in the last fifth of the rounds; rise: from the fifth before to it; there from: the first round no more than ${near} below the end; worst client: the lowest mean of a client in the last fifth; clients: deviation between clients there; seeds: deviation of the end between seeds`,
    columns: ["end", "rise", "there from", "worst client", "clients", "seeds"],
    rows: groupBy(records, labelOf).map((runs) => ({ label: mark(labelOf(runs[0])), cells: cellsOf(runs) })),
    remarks: [...records.flatMap(describeDiverged), ...riseRemarks(records)],
  };
}

function cellsOf(runs: readonly FederationRecord[]): Cell[] {
  const ends = runs.filter(({ diverged, rounds }) => diverged === undefined && rounds.length > 0).map(endOf);
  const average = (pick: (end: End) => number | undefined, digits: number): Cell => {
    const values = ends.flatMap((end) => pick(end) ?? []);
    return { value: values.length === 0 ? undefined : mean(values), digits };
  };
  const spread = standardDeviation(ends.map(({ dice }) => dice));
  return [
    average(({ dice }) => dice, 3),
    average(({ rise }) => rise, 4),
    average(({ from }) => from, 0),
    average(({ worst }) => worst, 3),
    average(({ clients }) => clients, 4),
    { value: Number.isNaN(spread) ? undefined : spread, digits: 4 },
  ];
}

interface End {
  readonly dice: number;
  readonly rise: number | undefined;
  readonly from: number;
  readonly worst: number;
  readonly clients: number | undefined;
}

function endOf(run: FederationRecord): End {
  const curve = validationCurve(run);
  const last = run.rounds.slice(-Math.max(1, Math.floor(curve.length / 5)));
  const clients = run.sites.map((_, client) => mean(last.map(({ personalDice }) => personalDice[client])));
  const dice = mean(clients);
  const deviation = standardDeviation(clients);
  return {
    dice,
    rise: riseAtEnd(curve),
    from: curve.findIndex((value) => value >= dice - near) + 1,
    worst: Math.min(...clients),
    clients: Number.isNaN(deviation) ? undefined : deviation,
  };
}
