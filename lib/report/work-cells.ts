import { mean, sum } from "../core/mean";
import type { FederationRecord } from "../records/schema";
import type { Cell } from "./table";

/** What training took in a round, over all clients. */
export interface RoundWork {
  /** In batches; `undefined` of a record that does not tell. */
  readonly steps: number | undefined;
  readonly forwards: number | undefined;
  readonly backwards: number | undefined;
  readonly megabytesUp: number;
  readonly megabytesDown: number;
}

/** @returns what a round took on average; nothing of a run that ended before its first */
export function roundWork({ rounds, work }: FederationRecord): RoundWork | undefined {
  if (rounds.length === 0) return undefined;
  const perRound = (total: number | undefined) => (total === undefined ? undefined : total / rounds.length);
  const megabytes = (bytes: (round: FederationRecord["rounds"][number]) => readonly number[]) =>
    mean(rounds.map((round) => sum(bytes(round)) / 1e6));
  return {
    steps: perRound(work?.steps),
    forwards: perRound(work?.forwards),
    backwards: perRound(work?.backwards),
    megabytesUp: megabytes(({ bytesUp }) => bytesUp),
    megabytesDown: megabytes(({ bytesDown }) => bytesDown),
  };
}

export const workColumns = ["steps", "forwards", "backwards", "MB up", "MB down"] as const;

/** @returns a cell for each of `workColumns`: means over runs */
export function workCells(runs: readonly FederationRecord[]): Cell[] {
  const works = runs.flatMap((run) => roundWork(run) ?? []);
  const cell = (pick: (work: RoundWork) => number | undefined, digits: number): Cell => {
    const values = works.flatMap((work) => pick(work) ?? []);
    return { value: values.length === 0 ? undefined : mean(values), digits };
  };
  return [
    cell(({ steps }) => steps, 1),
    cell(({ forwards }) => forwards, 1),
    cell(({ backwards }) => backwards, 1),
    cell(({ megabytesUp }) => megabytesUp, 2),
    cell(({ megabytesDown }) => megabytesDown, 2),
  ];
}
