import type * as TypeScript from "@tslab/typescript-for-tslab";
import type { Compiler } from "./transpile";

/** A text in quotes must end on its line: no further line mends it. */
const unterminatedString = 1002;

/** Whether a console may run a text: as it is, not yet (what is missing comes at its end), or never. */
export function completeness(typescript: Compiler, code: string): "complete" | "incomplete" | "invalid" {
  const file = typescript.createSourceFile("cell.ts", `export {};\n${code}`, typescript.ScriptTarget.ES2022);
  const { parseDiagnostics } = file as unknown as { parseDiagnostics: readonly TypeScript.DiagnosticWithLocation[] };
  const [first] = parseDiagnostics;
  if (!first) return "complete";
  const atEnd = first.length === 0 && first.start >= file.text.trimEnd().length;
  return atEnd && first.code !== unterminatedString ? "incomplete" : "invalid";
}
