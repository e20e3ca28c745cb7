import type * as TypeScript from "@tslab/typescript-for-tslab";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { kept } from "../../io/kept";
import type { Compiler } from "./transpile";

/** A part of a text and what is read in its place; lines stay where they are. */
interface Cut {
  readonly start: number;
  readonly end: number;
  readonly put: string;
}

interface Statement {
  readonly node: TypeScript.Statement;
  /** What nobody outside the file can name, and may be left out once nothing in it does; nothing where the statement stays. */
  readonly declares: readonly string[] | undefined;
  readonly cuts: readonly Cut[];
  /** How often each name is written in what stays of it. */
  readonly names: ReadonlyMap<string, number>;
}

/**
 * Lets the compiler of cells read of the library what a cell can see of it: declarations without bodies, and without what only bodies need.
 * That is a fifth of the files, and seconds less at the first import of every kernel. The types of the library itself are checked elsewhere.
 */
export function readDeclarationsOnly(typescript: Compiler, root: string): void {
  const { sys } = typescript;
  const read = sys.readFile.bind(sys);
  const library = join(root, "lib").replaceAll("\\", "/");
  const folder = join(root, ".workbench", "cache", "declared");
  const version = `${typescript.version} ${readFileSync(__filename, "utf8")}`;
  sys.readFile = (path, encoding) => {
    const text = read(path, encoding);
    const own = path.replaceAll("\\", "/").startsWith(`${library}/`) && path.endsWith(".ts");
    return text === undefined || !own ? text : kept(folder, [version, text], () => declaredOnly(typescript, text));
  };
}

/** @returns the text of a module that declares the same to others, with the same comments and lines */
export function declaredOnly(typescript: Compiler, text: string): string {
  const file = typescript.createSourceFile("module.ts", text, typescript.ScriptTarget.ES2022, true);
  let staying = file.statements.map((node) => look(typescript, node));
  for (let before = Infinity; staying.length < before;) {
    before = staying.length;
    const uses = new Map<string, number>();
    for (const { names } of staying) for (const [name, count] of names) uses.set(name, (uses.get(name) ?? 0) + count);
    staying = staying.filter(
      ({ declares, names }) => declares?.some((name) => (uses.get(name) ?? 0) > (names.get(name) ?? 0)) ?? true,
    );
  }
  const nodes = new Set(staying.map(({ node }) => node));
  const gone = file.statements.filter((node) => !nodes.has(node));
  const cuts = [...staying.flatMap((each) => each.cuts), ...gone.map((each) => ({ ...spanOf(each), put: "" }))];
  return without(text, cuts);
}

/** With the comments before it, which would else be the next one's. */
const spanOf = (node: TypeScript.Node) => ({ start: node.getFullStart(), end: node.end });

function look(typescript: Compiler, node: TypeScript.Statement): Statement {
  const cuts: Cut[] = [];
  const names = new Map<string, number>();
  const visit = (each: TypeScript.Node): void => {
    if (typescript.isIdentifier(each)) names.set(each.text, (names.get(each.text) ?? 0) + 1);
    const hidden = hiddenPart(typescript, each);
    if (hidden) {
      const put = typescript.isBlock(hidden) ? "{}" : "0 as never";
      cuts.push({ start: hidden.getStart(), end: hidden.end, put });
    }
    typescript.forEachChild(each, (child) => (child === hidden ? undefined : visit(child)));
  };
  visit(node);
  return { node, declares: declaredInside(typescript, node), cuts, names };
}

/** @returns what a declaration that has its type written down has beside it: a body, or a value */
function hiddenPart(typescript: Compiler, node: TypeScript.Node): TypeScript.Node | undefined {
  const { isFunctionDeclaration, isFunctionExpression, isArrowFunction, isMethodDeclaration } = typescript;
  if (isFunctionDeclaration(node) || isFunctionExpression(node) || isArrowFunction(node) || isMethodDeclaration(node))
    return node.type && node.body;
  return typescript.isVariableDeclaration(node) && node.type ? node.initializer : undefined;
}

/** @returns the names of a statement that nobody outside its file sees; none of one that only does something */
function declaredInside(typescript: Compiler, node: TypeScript.Statement): string[] | undefined {
  const { isFunctionDeclaration, isInterfaceDeclaration, isTypeAliasDeclaration, isVariableStatement } = typescript;
  if (typescript.isExpressionStatement(node) || typescript.isIfStatement(node)) return [];
  if (typescript.isImportDeclaration(node)) {
    const names = node.importClause ? importedNames(typescript, node.importClause) : [];
    return names.length > 0 ? names : undefined; // without names it is there for what it does, or adds to others' types
  }
  if (isExported(typescript, node)) return undefined;
  if (isFunctionDeclaration(node) || isInterfaceDeclaration(node) || isTypeAliasDeclaration(node))
    return node.name && [node.name.text];
  if (!isVariableStatement(node)) return undefined;
  const names = node.declarationList.declarations.map(({ name }) => name);
  return names.every(typescript.isIdentifier) ? names.map(({ text }) => text) : undefined;
}

function isExported(typescript: Compiler, node: TypeScript.Node): boolean {
  const modifiers = typescript.canHaveModifiers(node) ? typescript.getModifiers(node) : undefined;
  return modifiers?.some(({ kind }) => kind === typescript.SyntaxKind.ExportKeyword) ?? false;
}

function importedNames(typescript: Compiler, { name, namedBindings }: TypeScript.ImportClause): string[] {
  const bound =
    namedBindings && (typescript.isNamespaceImport(namedBindings) ? [namedBindings] : namedBindings.elements);
  return [...(name ? [name] : []), ...(bound ?? []).map((each) => each.name)].map(({ text }) => text);
}

/** @param cuts none of which lies within another */
function without(text: string, cuts: readonly Cut[]): string {
  let at = 0;
  const pieces = [...cuts]
    .sort((a, b) => a.start - b.start)
    .map(({ start, end, put }) => {
      const before = text.slice(at, start);
      at = end;
      return `${before}${put}${text.slice(start, end).replace(/[^\n]/g, "")}`;
    });
  return pieces.join("") + text.slice(at);
}
