import type { ConvertResult, Diagnostic } from "tslab/dist/converter";
import type { Compiler } from "./transpile";
import { rememberMap } from "./source-maps";
import { guardAwaits, guardName } from "./stop";
import { awaitsAtTop } from "./top-level-await";

/** A cell ready to run: a script whose value is what its body returns (a promise when the cell awaits). */
export interface CompiledCell {
  readonly script: string;
  /** The names it declares, which the script sets on `exports`. */
  readonly declared: readonly string[];
  readonly lastValue: string | undefined;
  /** The modules it requires, as written. */
  readonly imports: readonly string[];
}

export type { Diagnostic };

/** Where the running script finds its `exports`, its `require` and the guard of its awaits. */
export const cellScope = "__iopfl_cell__";

const inlineMap = /\n\/\/# sourceMappingURL=data:application\/json;(?:charset=[^;]*;)?base64,([A-Za-z0-9+/=]+)\s*$/;
const hoisted = /^((?:exports\.[\w$]+ = )+)void 0;$/gm;

/**
 * Second half of compiling a cell: from the ES module that tslab emits to a script, remembering how its lines lead back.
 * @param code the cell as written
 * @param name the script's name in stacks
 */
export function compileCell(typescript: Compiler, converted: ConvertResult, code: string, name: string): CompiledCell {
  const emitted = converted.output ?? "";
  const emittedMap = inlineMap.exec(emitted);
  const { outputText, sourceMapText } = typescript.transpileModule(emitted.replace(inlineMap, "\n"), {
    fileName: "cell.js",
    transformers: { before: [guardAwaits(typescript)] },
    compilerOptions: {
      module: typescript.ModuleKind.CommonJS,
      target: typescript.ScriptTarget.ES2022,
      esModuleInterop: true,
      sourceMap: true,
      noImplicitUseStrict: true,
    },
  });
  if (emittedMap && sourceMapText) {
    const firstMap = Buffer.from(emittedMap[1], "base64").toString("utf8");
    // tslab puts one line (`export {};`) before every cell.
    rememberMap(name, [sourceMapText, firstMap], 1);
  }
  // The compiler first sets every declared name to undefined; the executor needs to know the names, but an earlier value must
  // survive until it is replaced.
  const declared: string[] = [];
  const body = outputText.replace(/\/\/# sourceMappingURL=.*\s*$/, "").replace(hoisted, (_, names: string) => {
    declared.push(
      ...names
        .split(" = ")
        .filter(Boolean)
        .map((part) => part.slice("exports.".length)),
    );
    return "";
  });
  const imports = Array.from(body.matchAll(/\brequire\("([^"\n]+)"\)/g), (match) => match[1]);
  const head = `(${awaitsAtTop(typescript, code) ? "async " : ""}function (exports, require, ${guardName}) {`;
  return {
    script: `${head}\n${body}\n})(...globalThis.${cellScope})`,
    declared,
    lastValue: converted.lastExpressionVar,
    imports,
  };
}
