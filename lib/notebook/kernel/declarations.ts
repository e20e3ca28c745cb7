import type * as TypeScript from "@tslab/typescript-for-tslab";
import type { Compiler } from "./transpile";

/**
 * What later cells may know after a cell that failed half-way: the declarations of the names it reached, and for the names it did
 * not reach those of earlier cells, whose values still stand.
 * @param cell the declarations of the failed cell, followed by those of earlier cells that it does not replace
 * @param before the declarations that stood before it
 */
export function keepReached(
  typescript: Compiler,
  cell: string,
  before: string,
  unreached: ReadonlySet<string>,
): string {
  if (unreached.size === 0) return cell;
  const reached = select(typescript, cell, (name) => !unreached.has(name));
  return reached + select(typescript, before, (name) => unreached.has(name));
}

function select(typescript: Compiler, text: string, wanted: (name: string) => boolean): string {
  const file = typescript.createSourceFile("declarations.d.ts", text, typescript.ScriptTarget.ES2022, true);
  const printer = typescript.createPrinter({ newLine: typescript.NewLineKind.LineFeed });
  const print = (node: TypeScript.Node) => `${printer.printNode(typescript.EmitHint.Unspecified, node, file)}\n`;
  return file.statements
    .map((statement) => {
      if (typescript.isVariableStatement(statement)) {
        const kept = statement.declarationList.declarations.filter(({ name }) => wanted(name.getText(file)));
        return kept.map((declaration) => `declare let ${declaration.getText(file).replace(/ = .*$/s, "")};\n`).join("");
      }
      const name = (statement as { name?: TypeScript.Node }).name?.getText(file);
      return name === undefined || wanted(name) ? print(statement) : "";
    })
    .join("");
}
