import { createRequire, isBuiltin } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { runInThisContext } from "node:vm";
import { cellScope, compileCell, type CompiledCell } from "./compile-cell";
import { completionKinds } from "./completion-kinds";
import { keepReached } from "./declarations";
import { faultOf, faultOfDiagnostics, interrupted, isInterruption, type CellText, type Fault } from "./fault";
import type { Loader } from "./loader";
import { guard, insideRun, stopSign, type CellRun } from "./stop";
import { makeFitStoppable } from "./stoppable-fit";
import type { Converter } from "./tslab";

export type Outcome = { readonly fault: Fault } | { readonly fault: undefined; readonly value: unknown };

/** Runs cells one at a time on tslab's converter and keeps their variables. */
export interface Executor {
  execute(cell: CellText): Promise<Outcome>;
  /** Gives up the running cell, if it awaits something. */
  interrupt(): void;
  complete(code: string, position: number): ReturnType<Converter["complete"]>;
  /** What each candidate of a completion is. */
  kindsOf(completion: ReturnType<Converter["complete"]>): string[];
  inspect(code: string, position: number): ReturnType<Converter["inspect"]> | undefined;
}

interface Options {
  readonly cellFolder: string;
  readonly loader: Loader;
  readonly createConverter: () => Converter;
  /** Told before each cell, so that the compiler learns of edited files. */
  readonly beforeCell: () => void;
  /** Asked once a cell is compiled: whether it is to be stopped before it starts. */
  readonly stoppedEarly: () => boolean;
}

/** "Cannot find module": the compiler remembers such failures, so it is started anew in case the module appears. */
const unresolvedCodes = new Set([2307, 2792, 7016]);

export function createExecutor({ cellFolder, loader, createConverter, beforeCell, stoppedEarly }: Options): Executor {
  const { typescript } = loader;
  const variables: Record<string, unknown> = {};
  const requireCell = createCellRequire(cellFolder);
  let converter: Converter | undefined = createConverter();
  let declarations = "";
  let giveUp: (() => void) | undefined;

  const currentConverter = (): Converter => {
    beforeCell();
    return (converter ??= createConverter());
  };

  /**
   * Runs a cell and returns the value of its last expression; a promise there is waited for, so that what it shows or throws is the
   * cell's.
   */
  const run = async (compiled: CompiledCell, name: string, reached: Set<string>): Promise<unknown> => {
    const scope = [exportsOf(variables, reached), requireCell.require, guard];
    Object.defineProperty(globalThis, cellScope, { value: scope, configurable: true, enumerable: false });
    const cellRun: CellRun = { stopped: false };
    const stopped = new Promise<never>((_, reject) => {
      giveUp = () => {
        cellRun.stopped = true;
        reject(stopSign);
      };
    });
    stopped.catch(() => undefined);
    try {
      // The first line of the script is not the author's.
      const script = () =>
        runInThisContext(compiled.script, { filename: name, lineOffset: -1, breakOnSigint: true }) as unknown;
      await Promise.race([insideRun(cellRun, script), stopped]);
      return compiled.lastValue === undefined
        ? undefined
        : await Promise.race([variables[compiled.lastValue], stopped]);
    } catch (error) {
      // A script that stop ended may have started something that awaits.
      if (isInterruption(error)) cellRun.stopped = true;
      throw error;
    } finally {
      giveUp = undefined;
      if (compiled.lastValue !== undefined) delete variables[compiled.lastValue];
    }
  };

  return {
    async execute(cell) {
      const converted = currentConverter().convert(declarations, cell.code);
      if (converted.diagnostics.length > 0) {
        if (converted.diagnostics.some(({ code }) => unresolvedCodes.has(code))) {
          converter?.close();
          converter = undefined;
        }
        return { fault: faultOfDiagnostics(converted.diagnostics, cell) };
      }
      const name = cellScript(cell.count);
      const compiled = compileCell(typescript, converted, cell.code, name);
      const cellDeclarations = converted.declOutput ?? "";
      const reached = new Set<string>();
      try {
        if (compiled.imports.some((path) => path.startsWith("."))) loader.refresh();
        await requireCell.preload(compiled.imports);
        if (stoppedEarly()) throw stopSign;
        const value = await run(compiled, name, reached);
        for (const variable of compiled.declared) if (!reached.has(variable)) variables[variable] = undefined;
        declarations = cellDeclarations;
        return { fault: undefined, value };
      } catch (thrown) {
        const unreached = new Set(compiled.declared.filter((variable) => !reached.has(variable)));
        declarations = keepReached(typescript, cellDeclarations, declarations, unreached);
        return { fault: thrown === stopSign ? interrupted : faultOf(thrown, cell) };
      }
    },
    interrupt: () => giveUp?.(),
    complete: (code, position) => currentConverter().complete(declarations, code, position),
    kindsOf: (completion) => completionKinds(typescript, completion),
    inspect: (code, position) => currentConverter().inspect(declarations, code, position),
  };
}

/** @returns the name of a cell's script, and how it is shown in stacks. */
const cellScript = (count: number): string => `cell [${count}]`;
export const cellNameOf = (script: string): string | undefined => (script.startsWith("cell [") ? script : undefined);

/** What a cell sees as `exports`: the variables of all cells; what is set is noted in `reached`. */
function exportsOf(variables: Record<string, unknown>, reached: Set<string>): object {
  return new Proxy(variables, {
    // The compiler defines imported names with getters on the module; a cell's variable must stay writable.
    defineProperty(target, name, attributes: PropertyDescriptor) {
      if (name === "__esModule") return true;
      target[String(name)] = attributes.get ? (attributes.get as () => unknown)() : attributes.value;
      reached.add(String(name));
      return true;
    },
  });
}

/** `require` as cells see it: relative to the notebook, and able to load packages that exist as ES modules only. */
function createCellRequire(cellFolder: string): {
  require: (id: string) => unknown;
  preload(ids: readonly string[]): Promise<void>;
} {
  const require = createRequire(join(cellFolder, "cell.js"));
  const namespaces = new Map<string, unknown>();
  return {
    require: Object.assign(
      (id: string): unknown => {
        const module = namespaces.get(id) ?? require(id);
        makeFitStoppable(module);
        return module;
      },
      { resolve: require.resolve, cache: require.cache },
    ),
    async preload(ids) {
      for (const id of ids) {
        if (id.startsWith(".") || isBuiltin(id) || namespaces.has(id)) continue;
        try {
          require(id);
        } catch (error) {
          const { code } = error as NodeJS.ErrnoException;
          if (code === "ERR_REQUIRE_ASYNC_MODULE" || code === "ERR_REQUIRE_ESM") {
            namespaces.set(id, await import(pathToFileURL(require.resolve(id)).href));
          } else if (code === "ERR_PACKAGE_PATH_NOT_EXPORTED") {
            namespaces.set(id, await import(id)); // exported to `import` only: found from here, as from any place of the project
          }
        }
      }
    },
  };
}
