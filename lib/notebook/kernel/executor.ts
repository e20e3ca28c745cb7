import { runInThisContext } from "node:vm";
import type { CellHelpers } from "./cell-helpers";
import type { CellRequire } from "./cell-require";
import { insideRun, type CellRun } from "./cell-run";
import { cellScope, compileCell, type CompiledCell } from "./compile-cell";
import { completionKinds } from "./completion-kinds";
import { keepReached } from "./declarations";
import { faultOf, faultOfDiagnostics, interrupted, isInterruption, type Fault } from "./fault";
import { exportOf } from "./imported-names";
import type { Loader } from "./loader";
import { each, guard, stopSign } from "./stop";
import { startTensors, usesTensors } from "./tensors";
import type { Converter } from "./tslab";

export type Outcome = { readonly fault: Fault } | { readonly fault: undefined; readonly value: unknown };

/** Runs cells one at a time on tslab's converter and keeps their variables. */
export interface Executor {
  execute(run: CellRun): Promise<Outcome>;
  /** Gives up the running cell, if it awaits something. @param reason what the cell fails with; that it was stopped, if absent */
  giveUp(reason?: unknown): void;
  complete(code: string, position: number): ReturnType<Converter["complete"]>;
  /** What each candidate of a completion is. */
  kindsOf(completion: ReturnType<Converter["complete"]>): string[];
  inspect(code: string, position: number): ReturnType<Converter["inspect"]> | undefined;
}

interface Options {
  readonly loader: Loader;
  readonly cellRequire: CellRequire;
  readonly createConverter: () => Converter;
  /** Told before each cell, so that the compiler learns of edited files. */
  readonly beforeCell: () => void;
  /** Asked once a cell is compiled: whether it is to be stopped before it starts. */
  readonly stoppedEarly: () => boolean;
  /** Told in the context of a cell that has imported the library. */
  readonly afterImport: () => void;
  /** Told when the cell's own code starts and when it has ended. */
  readonly whileRunning: (running: boolean) => void;
}

/** "Cannot find module": the compiler remembers such failures, so it is started anew in case the module appears. */
const unresolvedCodes = new Set([2307, 2792, 7016]);

const libraryPath = /^\.\.?\/(.*\/)?lib\//;

export function createExecutor(options: Options): Executor {
  const { loader, cellRequire, createConverter, beforeCell, stoppedEarly, afterImport, whileRunning } = options;
  const { typescript } = loader;
  const variables = Object.create(null) as Record<string, unknown>;
  let converter: Converter | undefined = createConverter();
  let declarations = "";
  let giveUp: ((reason: unknown) => void) | undefined;

  const currentConverter = (): Converter => {
    beforeCell();
    return (converter ??= createConverter());
  };
  const helpersFor = (reached: Set<string>): CellHelpers => ({
    declare(name, value) {
      variables[name] = value;
      reached.add(name);
    },
    imported: (id, name) => exportOf(cellRequire.require(id), name),
    guard,
    each,
  });

  /**
   * Runs a cell and returns the value of its last expression; a promise there is waited for, so that what it shows or throws is the
   * cell's.
   */
  const runScript = async (
    { script, lastValue }: CompiledCell,
    run: CellRun,
    reached: Set<string>,
  ): Promise<unknown> => {
    const scope = [variables, cellRequire.require, helpersFor(reached)];
    Object.defineProperty(globalThis, cellScope, { value: scope, configurable: true, enumerable: false });
    const givenUp = new Promise<never>((_, reject) => {
      giveUp = (reason) => {
        run.stopped = true;
        reject(reason);
      };
    });
    givenUp.catch(() => undefined);
    // The first line of the script is not the author's.
    const where = { filename: run.cell.name, lineOffset: -1, breakOnSigint: true };
    try {
      await Promise.race([insideRun(run, () => runInThisContext(script, where) as unknown), givenUp]);
      return lastValue === undefined ? undefined : await Promise.race([variables[lastValue], givenUp]);
    } catch (error) {
      // A script that stop ended may have started something that awaits, and left modules half loaded.
      if (isInterruption(error)) run.stopped = true;
      throw error;
    } finally {
      giveUp = undefined;
      if (lastValue !== undefined) delete variables[lastValue];
      if (run.stopped) loader.forgetUnfinished();
    }
  };

  return {
    async execute(run) {
      const { cell } = run;
      const converted = currentConverter().convert(declarations, cell.code);
      if (converted.diagnostics.length > 0) {
        if (converted.diagnostics.some(({ code }) => unresolvedCodes.has(code))) {
          converter?.close();
          converter = undefined;
        }
        return { fault: faultOfDiagnostics(converted.diagnostics, cell) };
      }
      const compiled = compileCell(typescript, converted, cell.code, cell.name);
      const cellDeclarations = converted.declOutput ?? "";
      const reached = new Set<string>();
      try {
        if ([...compiled.imports].some((path) => path.startsWith("."))) loader.refresh();
        await cellRequire.preload(compiled.imports);
        if (usesTensors(compiled)) await startTensors();
        if (stoppedEarly()) throw stopSign;
        whileRunning(true);
        const value = await runScript(compiled, run, reached);
        declarations = cellDeclarations;
        if ([...compiled.imports].some((path) => libraryPath.test(path))) insideRun(run, afterImport);
        return { fault: undefined, value };
      } catch (thrown) {
        const unreached = new Set([...compiled.declared].filter((variable) => !reached.has(variable)));
        declarations = keepReached(typescript, cellDeclarations, declarations, unreached);
        return { fault: thrown === stopSign ? interrupted : faultOf(thrown, cell) };
      } finally {
        whileRunning(false);
      }
    },
    giveUp: (reason = stopSign) => giveUp?.(reason),
    complete: (code, position) => currentConverter().complete(declarations, code, position),
    kindsOf: (completion) => completionKinds(typescript, completion),
    inspect: (code, position) => currentConverter().inspect(declarations, code, position),
  };
}
