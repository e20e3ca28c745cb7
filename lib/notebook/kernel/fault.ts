import { inspect } from "node:util";
import type { Diagnostic } from "tslab/dist/converter";
import { excerpt } from "./excerpt";

/** What a failed cell tells the front end. */
export interface Fault {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}

/** A cell as it was written. */
export interface CellText {
  /** How stacks call it: `cell [3]`. */
  readonly name: string;
  readonly code: string;
}

/** @returns how a cell is called: by its number, or `cell [*]` where it has none. */
export const cellName = (count?: number): string => `cell [${count ?? "*"}]`;
export const isCellName = (script: string): boolean => script.startsWith("cell [");

const hidden = /node:internal|node:vm|node:async_hooks|\(<anonymous>\)$|lib\/notebook\/kernel\/|node_modules\/tslab\//;

/** @returns the fault of a value that a cell threw: what it says, the line of the cell, and the stack without the kernel's own frames. */
export function faultOf(thrown: unknown, cell: CellText): Fault {
  try {
    return describe(thrown, cell);
  } catch {
    // Reading a property of what was thrown throws again: a getter, a proxy.
    const text = "an error that cannot be read";
    return { ename: "Error", evalue: text, traceback: [`${cell.name} threw ${text}: reading its properties throws`] };
  }
}

function describe(thrown: unknown, cell: CellText): Fault {
  if (!(thrown instanceof Error) && !(typeof thrown === "object" && thrown !== null && "stack" in thrown)) {
    const text = inspect(thrown);
    return { ename: "Thrown", evalue: text, traceback: [`${cell.name} threw a value that is not an Error: ${text}`] };
  }
  const error = thrown as Error;
  if (isInterruption(error)) return interrupted;
  const frames = framesOf(error);
  const [ename, evalue] = [String(error.name), asWritten(String(error.message))];
  // A WorkbenchError is written for the user: its one line is enough beside the line of the cell.
  const short = ename === "WorkbenchError" || ename === "Interrupted";
  const shown = short ? frames.filter((frame) => frame.includes("cell [")) : frames;
  const traceback = [`${ename}: ${evalue}`, ...excerptFor(frames, cell), ...shown];
  if (error.cause instanceof Error)
    traceback.push(`caused by ${error.cause.name}: ${error.cause.message}`, ...framesOf(error.cause));
  return { ename, evalue, traceback };
}

/** @returns the fault of a cell that does not compile or whose types do not fit; nothing of it has run. */
export function faultOfDiagnostics(diagnostics: readonly Diagnostic[], cell: CellText): Fault {
  const lines = diagnostics.flatMap(({ start, messageText, code }) => [
    `${cell.name}:${start.line + 1}:${start.character + 1} - ${messageText} (TS${code})`,
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

/** V8 names a variable as the compiled script does: `exports.step is not a function`. */
function asWritten(message: string): string {
  return message.replace(/\(0 ?, exports\.([\w$]+)\)/g, "$1").replace(/(^|[\s'"(])exports\.(?=[\w$]+ is not )/g, "$1");
}

function framesOf(error: Error): string[] {
  const lines = String(error.stack ?? "").split("\n");
  return lines.filter((line) => /^\s+at /.test(line) && !hidden.test(line));
}

function excerptFor(frames: readonly string[], cell: CellText): string[] {
  for (const frame of frames) {
    const place = /(cell \[[^\]]+\]):(\d+):(\d+)/.exec(frame);
    if (place?.[1] === cell.name) return excerpt(cell.code, Number(place[2]), Number(place[3]));
  }
  return [];
}
