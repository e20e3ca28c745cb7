import { inspect } from "node:util";
import type { Diagnostic } from "tslab/dist/converter";

/** What a failed cell tells the front end. */
export interface Fault {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}

/** A cell as it was written. */
export interface CellText {
  readonly count: number;
  readonly code: string;
}

const hidden = /node:internal|node:vm|node:async_hooks|\(<anonymous>\)$|lib\/notebook\/kernel\/|node_modules\/tslab\//;

/** @returns the fault of a value that a cell threw: what it says, the line of the cell, and the stack without the kernel's own frames. */
export function faultOf(thrown: unknown, cell: CellText): Fault {
  if (!(thrown instanceof Error) && !(typeof thrown === "object" && thrown !== null && "stack" in thrown)) {
    const text = inspect(thrown);
    return {
      ename: "Thrown",
      evalue: text,
      traceback: [`cell [${cell.count}] threw a value that is not an Error: ${text}`],
    };
  }
  const error = thrown as Error;
  if (isInterruption(error)) return interrupted;
  const frames = framesOf(error);
  // A WorkbenchError is written for the user: its one line is enough beside the line of the cell.
  const shown =
    error.name === "WorkbenchError" || error.name === "Interrupted"
      ? frames.filter((frame) => frame.includes("cell ["))
      : frames;
  const traceback = [`${error.name}: ${error.message}`, ...excerptFor(frames, cell), ...shown];
  if (error.cause instanceof Error)
    traceback.push(`caused by ${error.cause.name}: ${error.cause.message}`, ...framesOf(error.cause));
  return { ename: error.name, evalue: error.message, traceback };
}

/** @returns the fault of a cell that does not compile or whose types do not fit; nothing of it has run. */
export function faultOfDiagnostics(diagnostics: readonly Diagnostic[], cell: CellText): Fault {
  const lines = diagnostics.flatMap(({ start, messageText, code }) => [
    `cell [${cell.count}]:${start.line + 1}:${start.character + 1} - ${messageText} (TS${code})`,
    ...excerpt(cell.code, start.line + 1, start.character + 1),
  ]);
  const [first] = diagnostics;
  return { ename: "TypeScriptError", evalue: `line ${first.start.line + 1}: ${first.messageText}`, traceback: lines };
}

/** Whether stop ended a script while it computed. */
export function isInterruption(error: unknown): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === "ERR_SCRIPT_EXECUTION_INTERRUPTED";
}

export const interrupted: Fault = {
  ename: "Interrupted",
  evalue: "stopped by the user",
  traceback: ["Interrupted: stopped by the user; the variables of earlier cells were kept"],
};

function framesOf(error: Error): string[] {
  const lines = String(error.stack ?? "").split("\n");
  return lines.filter((line) => /^\s+at /.test(line) && !hidden.test(line));
}

function excerptFor(frames: readonly string[], cell: CellText): string[] {
  for (const frame of frames) {
    const place = /cell \[(\d+)\]:(\d+):(\d+)/.exec(frame);
    if (place && Number(place[1]) === cell.count) return excerpt(cell.code, Number(place[2]), Number(place[3]));
  }
  return [];
}

/** The line and its neighbours, the line marked. Lines and columns count from 1. */
function excerpt(code: string, line: number, column: number): string[] {
  const lines = code.split("\n");
  const width = String(line + 1).length;
  const from = Math.max(1, line - 1);
  return lines.slice(from - 1, line + 1).flatMap((text, index) => {
    const number = from + index;
    const numbered = `${number === line ? ">" : " "} ${String(number).padStart(width)} | ${text}`;
    return number === line ? [numbered, `  ${" ".repeat(width)} | ${" ".repeat(column - 1)}^`] : [numbered];
  });
}
