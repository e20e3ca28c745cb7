import type * as TypeScript from "@tslab/typescript-for-tslab";
import type { ConvertResult, Diagnostic } from "tslab/dist/converter";
import { helpersName, type CellNames } from "./cell-helpers";
import { guardAwaits } from "./guard-awaits";
import { shareNames } from "./share-names";
import { rememberMap } from "./source-maps";
import { awaitsAtTop } from "./top-level-await";
import type { Compiler } from "./transpile";

/** A cell ready to run: a script whose value is what its body returns (a promise when the cell awaits). */
export interface CompiledCell extends CellNames {
  readonly script: string;
  readonly lastValue: string | undefined;
}

export type { Diagnostic };

/** Where the running script finds its `exports`, its `require` and what the kernel does for it. */
export const cellScope = "__iopfl_cell__";

const inlineMap = /\n\/\/# sourceMappingURL=data:application\/json;(?:charset=[^;]*;)?base64,([A-Za-z0-9+/=]+)\s*$/;

/**
 * Second half of compiling a cell: from the ES module that tslab emits to a script, remembering how its lines lead back.
 * @param code the cell as written
 * @param name the script's name in stacks
 */
export function compileCell(typescript: Compiler, converted: ConvertResult, code: string, name: string): CompiledCell {
  const emitted = converted.output ?? "";
  const emittedMap = inlineMap.exec(emitted);
  const names: CellNames = { declared: new Set(), imports: new Set() };
  const { script, map } = emit(typescript, emitted.replace(inlineMap, "\n"), names);
  const firstMap = emittedMap && Buffer.from(emittedMap[1], "base64").toString("utf8");
  // tslab puts one line (`export {};`) before every cell.
  if (firstMap) rememberMap(name, [map, firstMap], 1);
  const head = `(${awaitsAtTop(typescript, code) ? "async " : ""}function (exports, require, ${helpersName}) {`;
  return {
    ...names,
    script: `${head}\n${script}\n})(...globalThis.${cellScope})`,
    lastValue: converted.lastExpressionVar,
  };
}

/** Compiles one text by itself, with a checker that knows what each of its names stands for. */
function emit(typescript: Compiler, text: string, names: CellNames): { script: string; map: string } {
  const file = typescript.createSourceFile("cell.js", text, typescript.ScriptTarget.ES2022, true);
  const written = { script: "", map: "" };
  const host: TypeScript.CompilerHost = {
    getSourceFile: (name) => (name === file.fileName ? file : undefined),
    writeFile: (name, content) => void (written[name.endsWith(".map") ? "map" : "script"] = content),
    fileExists: (name) => name === file.fileName,
    readFile: () => "",
    getDefaultLibFileName: () => "lib.d.ts",
    useCaseSensitiveFileNames: () => true,
    getCanonicalFileName: (name) => name,
    getCurrentDirectory: () => "",
    getNewLine: () => "\n",
  };
  const options: TypeScript.CompilerOptions = {
    module: typescript.ModuleKind.CommonJS,
    target: typescript.ScriptTarget.ES2022,
    allowJs: true,
    isolatedModules: true,
    noLib: true,
    noResolve: true,
    esModuleInterop: true,
    sourceMap: true,
    noImplicitUseStrict: true,
    outDir: "out",
  };
  const program = typescript.createProgram([file.fileName], options, host);
  const before = [shareNames(typescript, program.getTypeChecker(), names), guardAwaits(typescript)];
  program.emit(undefined, undefined, undefined, false, { before });
  return { script: written.script.replace(/\/\/# sourceMappingURL=.*\s*$/, ""), map: written.map };
}
