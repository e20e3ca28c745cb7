import { basename, join } from "node:path";
import { checkParameters, withParameters, type Parameters } from "./parameters";
import { readNotebook, writeNotebook } from "./notebook-file";
import { runNotebook, type CellTime, type Failure, type RunLimits } from "./run-notebook";

export interface RunOptions extends RunLimits {
  /** Paths of the notebooks. */
  readonly notebooks: readonly string[];
  /** Given to the notebooks as the parameter `profile` and as IOPFL_PROFILE. */
  readonly profile: string;
  /** Given as IOPFL_ENGINE, and as the parameter `engine` to those that have it. */
  readonly engine?: string;
  readonly set?: Parameters;
  /** How many notebooks run at a time. */
  readonly parallel?: number;
  /** Where the executed copies go, under the notebooks' own names. */
  readonly outputFolder: string;
}

export interface NotebookOutcome {
  /** The file's name without `.ipynb`. */
  readonly name: string;
  readonly passed: boolean;
  readonly failure: Failure | undefined;
  readonly cells: readonly CellTime[];
  readonly seconds: number;
  /** The executed copy, written whether it passed or not. */
  readonly copy: string;
}

/** `cell` of `count` code cells of the notebook is about to run. */
export interface NotebookProgress {
  readonly name: string;
  readonly cell: number;
  readonly count: number;
}

/**
 * Executes notebooks headlessly, each in its own kernel. A notebook that fails does not keep the others from running.
 * @returns one outcome for each notebook, in the order given
 * @throws WorkbenchError when a notebook cannot be read or a parameter does not exist
 */
export async function runNotebooks(
  options: RunOptions,
  onProgress: (progress: NotebookProgress) => void = () => undefined,
): Promise<NotebookOutcome[]> {
  const { notebooks, profile, engine, set = {}, parallel = 1, outputFolder } = options;
  const loaded = notebooks.map((path) => ({ path, name: basename(path, ".ipynb"), notebook: readNotebook(path) }));
  checkParameters(
    loaded.map(({ notebook }) => notebook),
    set,
  );
  const values = { profile, ...(engine ? { engine } : {}), ...set };
  const environment = { IOPFL_PROFILE: profile, ...(engine ? { IOPFL_ENGINE: engine } : {}) };

  const outcomes: NotebookOutcome[] = [];
  const waiting = [...loaded.entries()];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [place, { path, name, notebook }] = next;
      const report = (cell: number, count: number): void => onProgress({ name, cell, count });
      const run = await runNotebook(withParameters(notebook, values), path, { ...options, environment }, report);
      const copy = join(outputFolder, `${name}.ipynb`);
      writeNotebook(copy, run.executed);
      outcomes[place] = {
        name,
        passed: !run.failure,
        failure: run.failure,
        cells: run.cells,
        seconds: run.seconds,
        copy,
      };
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.min(parallel, loaded.length)) }, worker));
  return outcomes;
}
