import type { Converter } from "tslab/dist/converter";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, relative, sep } from "node:path";

export type { Converter };
type CompileModule = NodeJS.Module & { _compile(code: string, file: string): void };

const wantedVersion = "1.0.22";

/** One repair of tslab's converter: a text that must be there exactly `times`, and what replaces it. */
interface Repair {
  readonly why: string;
  readonly find: string;
  readonly put: string;
  readonly times?: number;
}

/**
 * Loads tslab's converter with its faults mended.
 * @param root the project's folder
 * @param cellFolder the folder below it that the cells' relative imports start from
 * @throws Error when tslab is another version or lacks one of the texts to be mended
 */
export function loadConverter(root: string, cellFolder: string): () => Converter {
  const load = createRequire(__filename);
  const { version } = load("tslab/package.json") as { version: string };
  if (version !== wantedVersion)
    throw new Error(`tslab is version ${version}, but the kernel mends ${wantedVersion} only; run "npm ci"`);

  const file = load.resolve("tslab/dist/converter.js");
  const mended = hint(readFileSync(file, "utf8"), repairs(root, cellFolder));
  const extension = require.extensions[".js"];
  require.extensions[".js"] = (module, name) =>
    name === file ? (module as CompileModule)._compile(mended, file) : extension(module, name);
  const { createConverter } = load(file) as typeof import("tslab/dist/converter");
  require.extensions[".js"] = extension;

  return () => createConverter({ isJS: false, isBrowser: false });
}

/** @throws Error naming the repair whose text is missing */
export function hint(text: string, list: readonly Repair[]): string {
  return list.reduce((code, { why, find, put, times = 1 }) => {
    const pieces = code.split(find);
    if (pieces.length !== times + 1)
      throw new Error(`tslab's converter has "${find}" ${pieces.length - 1} times, not ${times}; cannot mend: ${why}`);
    return pieces.join(put);
  }, text);
}

export function repairs(root: string, cellFolder: string): Repair[] {
  const slashed = (path: string) => path.split(sep).join("/");
  const quoted = (path: string) => JSON.stringify(slashed(path));
  return [
    {
      why: "cells lie in the notebook's folder",
      find: "const cwd = ts.sys.getCurrentDirectory();",
      put: `const cwd = ${quoted(cellFolder)};`,
    },
    {
      why: "a notebook may import files beside and above it, up to the project's root",
      find: "rootDir: cwd,",
      put: `rootDir: ${quoted(root)}, inlineSourceMap: true, types: ["node"],`,
    },
    {
      why: "the emitted cell is found where the project's root puts it",
      find: '(outDir, "__tslab__.',
      put: `(${quoted(join("outDir", relative(root, cellFolder)))}, "__tslab__.`,
      times: 2,
    },
    {
      why: "packages that describe their types with `exports` are found",
      find: "moduleResolution: ts.ModuleResolutionKind.Node10,",
      put: "moduleResolution: ts.ModuleResolutionKind.Bundler,",
    },
    {
      why: "JavaScript files that a cell imports are not checked",
      find: "allowJs: true,\n        checkJs: true,",
      put: "",
    },
    {
      why: "the default builder looks at every import of every file for each cell: a second and more once TensorFlow.js is among them",
      find: "}, sys, null, function (d) {",
      put: "}, sys, ts.createAbstractBuilder, function (d) {",
    },
    {
      why: "only the cell is checked and emitted; the library is compiled by the loader",
      find: "function getAllSrcDependencies(builder, sourceFile) {",
      put: "function getAllSrcDependencies(builder, sourceFile) {\n    return [sourceFile.fileName];",
    },
    {
      why: "the light builder does not bind the cell, so its declarations must be asked for",
      find: "const locals = srcFile.locals;\n        const keys",
      put: "ts.bindSourceFile(srcFile, builder.getProgram().getCompilerOptions());\n        const locals = srcFile.locals;\n        const keys",
    },
    {
      why: "nor does it for completion",
      find: "const pos = position + srcPrefix.length;",
      put: "builder.getProgram().getTypeChecker();\n        const pos = position + srcPrefix.length;",
    },
    {
      why: "what a completion is, and not only its name, is told by its symbol",
      find: "ts.Completions.getCompletionsAtPositionForTslab(host",
      put: "ts.Completions.getCompletionsAtPosition(host",
    },
    {
      why: "the same: symbols are handed out when asked for",
      find: "throwIfCancellationRequested: () => void 0,\n    });\n}\nfunction forwardTslabPath",
      put: "throwIfCancellationRequested: () => void 0,\n    }, undefined, true);\n}\nfunction forwardTslabPath",
    },
    {
      why: "the same: what an imported name stands for is known to the checker",
      find: "original: info,",
      put: "original: info, checker: builder.getProgram().getTypeChecker(),",
      times: 2,
    },
    {
      why: "a value whose type cannot be written down is still a value",
      find: "const diag = convertDiagnostics(getPreEmitDiagnosticsWithDependencies(builder, srcFile));",
      put:
        "const diag = convertDiagnostics(getPreEmitDiagnosticsWithDependencies(builder, srcFile)" +
        ".filter((d) => !(d.code === 2742 || d.code === 7056 || (d.code >= 4000 && d.code < 4120))));",
    },
    {
      why: "without declarations the names of a cell are declared as any",
      find: "declOutput += remainingDecls(",
      put: "declOutput = declOutput ?? Array.from(keys, (key) => `declare let ${key}: any;\\n`).join('');\n        declOutput += remainingDecls(",
    },
    {
      why: "the second compilation, to CommonJS, is done by the executor, which keeps its source map",
      find: "output: esModuleToCommonJSModule(output, transpileTarget),",
      put: "output,",
    },
    {
      why: "{ a: b } takes apart a value of an earlier cell: a is the name of a property and no variable",
      find: "if (node.parent &&\n                ts.isPropertyAccessExpression(node.parent) &&",
      put:
        "if (node.parent && ts.isBindingElement(node.parent) && node.parent.propertyName === node) return node;\n            " +
        "if (node.parent &&\n                ts.isPropertyAccessExpression(node.parent) &&",
    },
    {
      why: "{ a } with a from an earlier cell",
      find: "if (!ts.isIdentifier(node)) {\n                return ts.visitEachChild",
      put: `if (ts.isShorthandPropertyAssignment(node)) {
                const symbol = checker.getShorthandAssignmentValueSymbol(ts.getOriginalNode(node));
                if (!(symbol?.declarations ?? []).some((d) => d.getSourceFile() === declsFile)) return node;
                const earlier = ts.factory.createPropertyAccessExpression(ts.factory.createIdentifier("exports"), node.name);
                const initial = node.objectAssignmentInitializer;
                return ts.factory.createPropertyAssignment(node.name, initial ? ts.factory.createAssignment(earlier, initial) : earlier);
            }
            if (!ts.isIdentifier(node)) {
                return ts.visitEachChild`,
    },
  ];
}
