import type * as TypeScript from "@tslab/typescript-for-tslab";
import type { Compiler } from "./transpile";

type Declaring = TypeScript.SourceFile | TypeScript.Statement | TypeScript.BindingName | TypeScript.VariableDeclaration;

/** @returns the names that a file declares outside all functions and blocks, or that one declaration binds */
export function namesAtTop(typescript: Compiler, node: Declaring): TypeScript.Identifier[] {
  const within = (nodes: readonly Declaring[]) => nodes.flatMap((each) => namesAtTop(typescript, each));
  if (typescript.isIdentifier(node)) return [node];
  if (typescript.isSourceFile(node)) return within(node.statements);
  if (typescript.isVariableStatement(node)) return within(node.declarationList.declarations);
  if (typescript.isVariableDeclaration(node)) return within([node.name]);
  if (typescript.isArrayBindingPattern(node) || typescript.isObjectBindingPattern(node))
    return within(node.elements.flatMap((each) => (typescript.isBindingElement(each) ? [each.name] : [])));
  if (typescript.isFunctionDeclaration(node) || typescript.isClassDeclaration(node))
    return node.name ? [node.name] : [];
  if (!typescript.isImportDeclaration(node)) return [];
  const { name, namedBindings: bindings } = node.importClause ?? {};
  const named = bindings && (typescript.isNamespaceImport(bindings) ? [bindings] : bindings.elements);
  return [...(name ? [name] : []), ...(named ?? []).map((each) => each.name)];
}

/**
 * Whether a name stands where it can only mean what is just being declared: in the body of its class, or in the pattern or the first value
 * of its variable (`const { a, b = a } = ...`) outside any function, where the variable of the notebook has no value yet.
 */
export function meansItself(
  typescript: Compiler,
  node: TypeScript.Node,
  declaration: TypeScript.Node | undefined,
): boolean {
  let place = declaration;
  while (place && (typescript.isBindingElement(place) || typescript.isBindingName(place))) place = place.parent;
  if (!place || !(typescript.isClassLike(place) || typescript.isVariableDeclaration(place))) return false;
  for (let outer: TypeScript.Node | undefined = node; outer; outer = outer.parent) {
    if (outer === place) return true;
    if (typescript.isFunctionLike(outer) && !typescript.isClassLike(place)) return false;
  }
  return false;
}
