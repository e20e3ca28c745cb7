import * as typescript from "@tslab/typescript-for-tslab";
import assert from "node:assert/strict";
import { join, relative } from "node:path";
import { test } from "node:test";
import { projectRoot } from "../../lib/core/project-root";
import { declaredOnly } from "../../lib/notebook/kernel/declared-only";

const door = join(projectRoot, "lib", "notebook", "index.ts");
const isOwn = (path: string) => path.startsWith(join(projectRoot, "lib")) && path.endsWith(".ts");

/** Files of packages, parsed once for both programs. */
const packages = new Map<string, typescript.SourceFile | undefined>();

/** What a notebook's door leads to, as the compiler reads it with one or the other text of each file. */
function programOf(textOf: (text: string) => string): typescript.Program {
  const config = typescript.getParsedCommandLineOfConfigFile(
    join(projectRoot, "tsconfig.json"),
    { declaration: true, emitDeclarationOnly: true, noEmit: false, incremental: false },
    { ...typescript.sys, onUnRecoverableConfigFileDiagnostic: () => assert.fail() },
  );
  const host = typescript.createCompilerHost(config?.options ?? {});
  const read = host.readFile.bind(host);
  host.readFile = (path) => {
    const text = read(path);
    return text === undefined || !isOwn(path) ? text : textOf(text);
  };
  const parse = host.getSourceFile.bind(host);
  host.getSourceFile = (path, ...more) => {
    if (isOwn(path)) return parse(path, ...more);
    if (!packages.has(path)) packages.set(path, parse(path, ...more));
    return packages.get(path);
  };
  return typescript.createProgram([door], config?.options ?? {}, host);
}

/** What the compiler itself says that a file declares. */
function declarationOf(program: typescript.Program, path: string): string {
  const written: string[] = [];
  program.emit(program.getSourceFile(path), (_name, text) => written.push(text), undefined, true);
  assert.equal(written.length, 1, path);
  return plain(written[0]);
}

/**
 * Without what the compiler makes of bodies and of the order in which it looks: the variable that a property of an argument becomes, the order
 * of a union, and an empty export.
 */
function plain(text: string): string {
  const file = typescript.createSourceFile("file.d.ts", text, typescript.ScriptTarget.ES2022, true);
  const printer = typescript.createPrinter();
  const printed = (node: typescript.Node) => printer.printNode(typescript.EmitHint.Unspecified, node, file);
  const { transformed } = typescript.transform(file, [
    (context) => {
      const { createBindingElement, createUnionTypeNode } = context.factory;
      const visit = (before: typescript.Node): typescript.Node => {
        const node = typescript.visitEachChild(before, visit, context);
        if (typescript.isUnionTypeNode(node))
          return createUnionTypeNode([...node.types].sort((a, b) => (printed(a) < printed(b) ? -1 : 1)));
        if (!typescript.isBindingElement(node) || !node.propertyName) return node;
        return createBindingElement(node.dotDotDotToken, undefined, printed(node.propertyName));
      };
      return (root) => typescript.visitNode(root, visit) as typescript.SourceFile;
    },
  ]);
  return printer.printFile(transformed[0]).replace(/^export \{\s*\};\n/gm, "");
}

/** Modules that add to the types of others, as the operations do that a tensor has as methods. */
function additionsIn(program: typescript.Program): string[] {
  const adding = program
    .getSourceFiles()
    .filter((file) => typescript.isExternalModule(file) && file.statements.some(typescript.isModuleDeclaration));
  const paths = adding
    .filter(({ text }) => /^declare (module ["']|global )/m.test(text))
    .map(({ fileName }) => fileName);
  assert.ok(paths.length > 100);
  return paths.sort();
}

test("what a notebook's door leads to declares the same without bodies, comments included, in a third of the files", () => {
  const whole = programOf((text) => text);
  const short = programOf((text) => declaredOnly(typescript, text));
  const ownOf = (program: typescript.Program) =>
    program.getSourceFiles().map(({ fileName }) => fileName).filter(isOwn); // prettier-ignore
  const files = ownOf(short);
  assert.ok(files.length > 50 && 3 * files.length < ownOf(whole).length, `${files.length} files`);
  assert.deepEqual(additionsIn(short), additionsIn(whole));
  for (const path of files)
    assert.equal(declarationOf(short, path), declarationOf(whole, path), relative(projectRoot, path));
});

const lines = (...all: readonly string[]) => all.join("\n");

test("bodies go where their type is written down, and with them what only they need; lines stay", () => {
  const text = lines(
    'import { used, type Shown } from "./a";',
    'import { hidden } from "./b";',
    'import "./effect";',
    'import type {} from "./additions";',
    "/** Of its own. */",
    "const inner = (x: number) => hidden(x);",
    "/** Says what it does. */",
    "export function outer(x: Shown): number {",
    "  return inner(used(x));",
    "}",
    "export const inferred = (x: Shown) => used(x);",
    "export const table: readonly number[] = [",
    "  1,",
    "];",
  );
  assert.equal(
    declaredOnly(typescript, text),
    lines(
      'import { used, type Shown } from "./a";',
      "",
      'import "./effect";',
      'import type {} from "./additions";',
      "",
      "",
      "/** Says what it does. */",
      "export function outer(x: Shown): number {}",
      "",
      "",
      "export const inferred = (x: Shown) => used(x);",
      "export const table: readonly number[] = 0 as never",
      "",
      ";",
    ),
  );
});

test("names that stay need what they name, also one that names itself or another that goes", () => {
  const text = lines(
    "interface Node { readonly next?: Node; }",
    "interface Lone { readonly next?: Lone; }",
    "const start = 1;",
    "export const end = start + 1;",
    "export function first(): Node { return {}; }",
  );
  const short = declaredOnly(typescript, text);
  assert.match(short, /interface Node \{[^]*const start = 1;[^]*end = start \+ 1[^]*first\(\): Node \{\}/);
  assert.doesNotMatch(short, /Lone/);
});
