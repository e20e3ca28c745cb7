import { AsyncLocalStorage } from "node:async_hooks";
import type { Message } from "../wire";
import type { CellText, Fault } from "./fault";

/** One execution of a cell, known to everything that it starts, also after it has ended or was given up. */
export interface CellRun {
  readonly cell: CellText;
  /** The request that its outputs belong to. */
  readonly request: Message;
  /** Given up: its awaits throw. */
  stopped: boolean;
  /** Not answered yet. */
  running: boolean;
  /** What it started and did not wait for has thrown; answered with the cell if it still runs. */
  readonly background: Fault[];
  /** Characters that it has printed. */
  printed: number;
}

const runs = new AsyncLocalStorage<CellRun>();

export function insideRun<Result>(run: CellRun, work: () => Result): Result {
  return runs.run(run, work);
}

/** @returns the run that started what is running now, however long ago; undefined outside all cells */
export function currentRun(): CellRun | undefined {
  return runs.getStore();
}
