import { dirname, resolve } from "node:path";
import { createOutputCollector, type OutputCollector } from "./collect-outputs";
import { KernelDied, startKernelClient, type KernelClient } from "./kernel-client";
import { sourceOf, type Cell, type Notebook } from "./notebook-file";

export type FailureKind = "error" | "background" | "died" | "time-out" | "empty";

/** Why a notebook failed, and where. */
export interface Failure {
  readonly kind: FailureKind;
  readonly message: string;
  /** The place of the cell among the code cells, from 1; absent when no cell is to blame. */
  readonly cell: number | undefined;
  readonly traceback: readonly string[];
}

export interface CellTime {
  readonly cell: number;
  readonly seconds: number;
}

export interface NotebookRun {
  /** The notebook with outputs, also of a run that failed. */
  readonly executed: Notebook;
  readonly failure: Failure | undefined;
  readonly cells: readonly CellTime[];
  readonly seconds: number;
}

export interface RunLimits {
  /** Seconds for one cell and for the whole notebook. */
  readonly cellTimeout: number;
  readonly notebookTimeout: number;
}

/** Timers and rejections that a notebook's last cell leaves behind get this long to show themselves, in milliseconds. */
const afterglow = 250;

/**
 * Runs every code cell of a notebook in a fresh kernel and stops at the first failure.
 * @param path where the notebook lies: its relative imports start there
 * @param onCell told before each cell
 */
export async function runNotebook(
  notebook: Notebook,
  path: string,
  options: RunLimits & { readonly environment: Readonly<Record<string, string>> },
  onCell: (cell: number, count: number) => void = () => undefined,
): Promise<NotebookRun> {
  const started = performance.now();
  const executed = structuredClone(notebook);
  for (const cell of executed.cells)
    if (cell.cell_type === "code") Object.assign(cell, { outputs: [], execution_count: null });
  const code = executed.cells.filter((cell) => cell.cell_type === "code" && sourceOf(cell).trim() !== "");
  const run: Progress = {
    limits: options,
    deadline: started + options.notebookTimeout * 1000,
    cells: [],
    failure: undefined,
  };
  if (code.length === 0)
    run.failure = { kind: "empty", message: "no code cell was executed", cell: undefined, traceback: [] };

  let client: KernelClient | undefined;
  try {
    if (!run.failure)
      client = await startKernelClient(dirname(resolve(path)), { ...options.environment, IOPFL_HEADLESS: "1" });
    if (client) await runCells(client, code, run, onCell);
  } catch (error) {
    run.failure = failureOf(error, undefined, client);
  } finally {
    await client?.close();
  }
  if (run.failure) noteFailure(executed, code, run.failure);
  return { executed, failure: run.failure, cells: run.cells, seconds: (performance.now() - started) / 1000 };
}

/** What is known of a run so far. */
interface Progress {
  readonly limits: RunLimits;
  readonly deadline: number;
  readonly cells: CellTime[];
  failure: Failure | undefined;
}

async function runCells(
  kernel: KernelClient,
  code: readonly Cell[],
  run: Progress,
  onCell: (cell: number, count: number) => void,
): Promise<void> {
  const collector = createOutputCollector();
  for (const [index, cell] of code.entries()) {
    onCell(index + 1, code.length);
    await runCell(kernel, cell, index + 1, run, collector);
    if (run.failure) return;
  }
  await new Promise((settle) => setTimeout(settle, afterglow));
  // The kernel must still be alive, and what its last timers threw has arrived before this answer.
  await kernel.request("kernel_info_request");
}

async function runCell(
  kernel: KernelClient,
  cell: Cell,
  number: number,
  run: Progress,
  collector: OutputCollector,
): Promise<void> {
  const { limits, deadline } = run;
  const began = performance.now();
  const content = {
    code: sourceOf(cell),
    silent: false,
    store_history: true,
    user_expressions: {},
    allow_stdin: false,
    stop_on_error: true,
  };
  const answer = kernel.request("execute_request", content, (message) => {
    collector.take(cell, message);
    // Every published error fails the notebook, also one that the cell left behind and that comes after its answer.
    if (message.header.msg_type === "error") run.failure ??= errorOf(message.content, "background", number);
  });
  try {
    const reply = await within(answer, Math.min(limits.cellTimeout * 1000, deadline - began));
    if (reply) {
      cell.execution_count = Number(reply.execution_count ?? number);
      if (reply.status !== "ok") run.failure = errorOf(reply, "error", number);
    } else {
      const whole = deadline - began < limits.cellTimeout * 1000;
      const limit = whole ? `the notebook's ${limits.notebookTimeout} s` : `${limits.cellTimeout} s`;
      run.failure = {
        kind: "time-out",
        message: `cell ${number} did not end within ${limit}`,
        cell: number,
        traceback: [],
      };
      answer.catch(() => undefined);
    }
  } catch (error) {
    run.failure = failureOf(error, number, kernel);
  }
  run.cells.push({ cell: number, seconds: (performance.now() - began) / 1000 });
}

/** A copy that failed without an `error` output (time-out, dead kernel) must not look as if it had gone well. */
function noteFailure(notebook: Notebook, code: readonly Cell[], { kind, message, cell }: Failure): void {
  if (kind === "error" || kind === "background") return;
  const blamed = cell === undefined ? undefined : code[cell - 1];
  blamed?.outputs?.push({ output_type: "error", ename: kind, evalue: message, traceback: [message] });
  notebook.metadata = { ...notebook.metadata, iop_fl_failure: `${kind}: ${message}` };
}

function errorOf(content: Readonly<Record<string, unknown>>, kind: FailureKind, cell: number): Failure {
  const {
    ename = "Error",
    evalue = String(content.status ?? "failed"),
    traceback = [],
  } = content as { ename?: string; evalue?: string; traceback?: string[] };
  return { kind, message: `${ename}: ${evalue}`, cell, traceback };
}

function failureOf(error: unknown, cell: number | undefined, client: KernelClient | undefined): Failure {
  if (!(error instanceof KernelDied)) throw error;
  const log = client?.log().trim();
  return { kind: "died", message: error.message, cell, traceback: log ? log.split("\n").slice(-20) : [] };
}

/** @returns the value, or undefined when it takes longer. */
async function within<T>(work: Promise<T>, milliseconds: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>(
    (settle) => (timer = setTimeout(() => settle(undefined), Math.max(0, milliseconds))),
  );
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
