import { types } from "node:util";
import type * as TypeScript from "@tslab/typescript-for-tslab";
import { helpersName, type CellNames } from "./cell-helpers";
import type { Compiler } from "./transpile";

/**
 * Turns `import { a as b } from "m"` into `declare("b", imported("m", "a"))`: what is imported is a variable like any other.
 * @param declare makes the statement that gives a variable its value
 */
export function importedNames(
  typescript: Compiler,
  node: TypeScript.ImportDeclaration,
  names: CellNames,
  declare: (name: string, value: TypeScript.Expression) => TypeScript.Statement,
): TypeScript.Statement[] {
  const { factory } = typescript;
  const id = node.moduleSpecifier as TypeScript.StringLiteral;
  names.imports.add(id.text);
  const imported = (name: string): TypeScript.Expression => {
    const helper = factory.createPropertyAccessExpression(factory.createIdentifier(helpersName), "imported");
    const values = [factory.createStringLiteral(id.text), factory.createStringLiteral(name)];
    return typescript.setTextRange(factory.createCallExpression(helper, undefined, values), node);
  };
  const { name, namedBindings } = node.importClause ?? {};
  const bound: [local: TypeScript.Identifier, exported: string][] = [];
  if (name) bound.push([name, "default"]);
  if (namedBindings && typescript.isNamespaceImport(namedBindings)) bound.push([namedBindings.name, "*"]);
  else for (const each of namedBindings?.elements ?? []) bound.push([each.name, (each.propertyName ?? each.name).text]);
  const statements =
    bound.length > 0
      ? bound.map(([local, exported]) => declare(local.text, imported(exported)))
      : [factory.createExpressionStatement(imported("*"))];
  return statements.map((statement) => typescript.setTextRange(statement, node));
}

const namespaces = new WeakMap<object, object>();

/** One export of a loaded module, CommonJS or ES, as `esModuleInterop` has it; `*` for all of them. */
export function exportOf(module: unknown, name: string): unknown {
  const exported = module as Record<string, unknown>;
  const isES = types.isModuleNamespaceObject(module) || Boolean(exported?.__esModule);
  if (name === "*") return isES ? module : namespaceOf(module);
  return name === "default" && !isES ? module : exported[name];
}

function namespaceOf(module: unknown): object {
  if ((typeof module !== "object" && typeof module !== "function") || module === null) return { default: module };
  const known = namespaces.get(module) ?? { ...module, default: module };
  namespaces.set(module, known);
  return known;
}
