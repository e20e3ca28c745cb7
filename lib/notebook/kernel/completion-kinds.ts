import type * as TypeScript from "@tslab/typescript-for-tslab";
import type { Compiler } from "./transpile";
import type { Converter } from "./tslab";

/** One completion as front ends that show more than a name read it: https://github.com/ipython/ipykernel calls this experimental. */
export interface TypedMatch {
  readonly text: string;
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

/** What a completion of tslab's converter carries once it is mended. */
type Completed = ReturnType<Converter["complete"]> & {
  readonly original?: {
    readonly entries: readonly (TypeScript.CompletionEntry & { readonly symbol?: TypeScript.Symbol })[];
  };
  readonly checker: TypeScript.TypeChecker;
};

/** The compiler's kinds in the words that VS Code's Jupyter extension has icons for; JupyterLab shows any word. */
const words: Readonly<Record<string, string>> = {
  "local function": "function",
  var: "variable",
  "local var": "variable",
  let: "variable",
  parameter: "variable",
  const: "constant",
  getter: "property",
  setter: "property",
  accessor: "property",
  "local class": "class",
  type: "interface",
  "primitive type": "keyword",
  "enum member": "enumMember",
  "type parameter": "typeParameter",
  "external module name": "module",
  script: "file",
  directory: "folder",
  string: "value",
};

/** @returns what each candidate of a completion is: `function`, `class`, `constant`, `property`, ... */
export function completionKinds(typescript: Compiler, completion: ReturnType<Converter["complete"]>): string[] {
  const { candidates, original, checker } = completion as Completed;
  const entries = new Map((original?.entries ?? []).map((entry) => [entry.name, entry]));
  return candidates.map((name) => {
    const entry = entries.get(name);
    if (!entry) return "text";
    const word = words[entry.kind] ?? entry.kind;
    return entry.symbol ? meaning(typescript, checker, entry.symbol, word) : word;
  });
}

/** What is imported or kept under a name says more than that it is a name: `import { table }` is a function. */
function meaning(
  typescript: Compiler,
  checker: TypeScript.TypeChecker,
  symbol: TypeScript.Symbol,
  word: string,
): string {
  const { SymbolFlags } = typescript;
  const target = symbol.flags & SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  if (target.flags & SymbolFlags.Function) return "function";
  if (target.flags & SymbolFlags.Class) return "class";
  if (target.flags & SymbolFlags.Variable) {
    const callable =
      word !== "variable" &&
      checker.getTypeOfSymbolAtLocation(target, target.valueDeclaration as TypeScript.Node).getCallSignatures().length >
        0;
    return callable ? "function" : word === "alias" ? "constant" : word;
  }
  if (target.flags & SymbolFlags.Enum) return "enum";
  if (target.flags & SymbolFlags.Module) return "module";
  if (target.flags & (SymbolFlags.Interface | SymbolFlags.TypeAlias)) return "interface";
  return word === "alias" ? "variable" : word;
}
