import type * as TypeScript from "@tslab/typescript-for-tslab";
import type { Compiler } from "./transpile";

/** Whether a cell awaits outside any function. (tslab overlooks `await (...)` and `for await`.) */
export function awaitsAtTop(typescript: Compiler, code: string): boolean {
  const file = typescript.createSourceFile("cell.ts", `export {};\n${code}`, typescript.ScriptTarget.ES2022);
  const awaits = (node: TypeScript.Node): boolean => {
    if (typescript.isAwaitExpression(node) || (typescript.isForOfStatement(node) && node.awaitModifier)) return true;
    if (typescript.isFunctionLike(node) || typescript.isClassLike(node)) return false;
    return typescript.forEachChild(node, awaits) ?? false;
  };
  return awaits(file);
}
