import { AsyncLocalStorage } from "node:async_hooks";
import type * as TypeScript from "@tslab/typescript-for-tslab";
import type { Compiler } from "./transpile";

/** What the awaits of a stopped cell throw. */
export const stopSign = new Error("stopped by the user");

/** One execution of a cell, known to everything that it started, also after the cell has been given up. */
export interface CellRun {
  stopped: boolean;
}

const runs = new AsyncLocalStorage<CellRun>();

export function insideRun<Result>(run: CellRun, work: () => Result): Result {
  return runs.run(run, work);
}

/** The name under which a cell's script finds `guard`. */
export const guardName = "__iopfl_await__";

/**
 * What every `await` of a cell goes through. JavaScript cannot cancel an asynchronous function: without this, a loop of a cell that
 * was stopped would go on in the background for ever.
 */
export async function guard(value: unknown): Promise<unknown> {
  try {
    return await value;
  } finally {
    leaveIfStopped();
  }
}

function leaveIfStopped(): void {
  if (runs.getStore()?.stopped) throw stopSign;
}

/** Turns every `await x` into `await guard(x)`. */
export function guardAwaits(typescript: Compiler): TypeScript.TransformerFactory<TypeScript.SourceFile> {
  return (context) => {
    const { factory } = context;
    const visit = (node: TypeScript.Node): TypeScript.Node => {
      const inner = typescript.visitEachChild(node, visit, context);
      if (!typescript.isAwaitExpression(inner)) return inner;
      const call = factory.createCallExpression(factory.createIdentifier(guardName), undefined, [inner.expression]);
      return factory.updateAwaitExpression(inner, typescript.setTextRange(call, inner.expression));
    };
    return (file) => typescript.visitNode(file, visit, typescript.isSourceFile);
  };
}
