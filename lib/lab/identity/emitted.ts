import ts from "typescript";
import { sha256 } from "../../core/hash";
import type { Emitted } from "./module-hash";
import { typesOnly } from "./types-only";

/**
 * Takes a module to its syntax tree less what the compiler leaves out: what a formatter, a type or a comment changes is not in it.
 * @param text TypeScript
 */
export function emittedBy(text: string): Emitted {
  const tree = ts.createSourceFile("module.ts", text, ts.ScriptTarget.ES2022, true, ts.ScriptKind.TS);
  const parts: string[] = [];
  const imports: string[] = [];
  const visit = (node: ts.Node): void => {
    if (typesOnly(node) || ts.isEmptyStatement(node)) return;
    const inner = standsFor(node);
    if (inner) return visit(inner);
    const module = loadedBy(node);
    if (module !== undefined) {
      parts.push("module");
      imports.push(module);
      return;
    }
    parts.push(`(${kindOf(node)}${detailOf(node)}`);
    // The words of an error reach nobody's numbers.
    if (isError(node)) visit(node.expression);
    else ts.forEachChild(node, visit);
    parts.push(")");
  };
  visit(tree);
  return { hash: sha256(parts.join("")), imports };
}

/** @returns what is left of an expression in brackets, or with a type beside it */
function standsFor(node: ts.Node): ts.Node | undefined {
  const wraps =
    ts.isParenthesizedExpression(node) ||
    ts.isAsExpression(node) ||
    ts.isSatisfiesExpression(node) ||
    ts.isNonNullExpression(node) ||
    ts.isExpressionWithTypeArguments(node);
  return wraps ? node.expression : undefined;
}

/** @returns the name of the module of the project where a node is one that something is loaded from */
function loadedBy(node: ts.Node): string | undefined {
  if (!ts.isStringLiteralLike(node) || !node.text.startsWith(".")) return undefined;
  const { parent } = node;
  const loads =
    ts.isImportDeclaration(parent) ||
    ts.isExportDeclaration(parent) ||
    (ts.isCallExpression(parent) &&
      (parent.expression.kind === ts.SyntaxKind.ImportKeyword || parent.expression.getText() === "require"));
  return loads ? node.text : undefined;
}

const isError = (node: ts.Node): node is ts.NewExpression =>
  ts.isNewExpression(node) && ts.isIdentifier(node.expression) && node.expression.text.endsWith("Error");

/** What tells a node from others of its kind and is no child of it. */
function detailOf(node: ts.Node): string {
  if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) return ` ${names[node.operator]}`;
  if (ts.isVariableDeclarationList(node)) return ` ${node.flags & ts.NodeFlags.BlockScoped}`;
  const { text } = node as { text?: unknown };
  return typeof text === "string" && !ts.isSourceFile(node) ? ` ${JSON.stringify(text)}` : "";
}

const kindOf = ({ kind }: ts.Node): string =>
  kind === ts.SyntaxKind.NoSubstitutionTemplateLiteral ? "StringLiteral" : names[kind];

/** Numbers of kinds differ between versions of TypeScript, and some have several names. */
const names: Readonly<Record<number, string>> = Object.fromEntries(
  Object.entries(ts.SyntaxKind)
    .filter(([name, kind]) => typeof kind === "number" && !/^(First|Last)[A-Z]/.test(name))
    .map(([name, kind]) => [kind as number, name]),
);
