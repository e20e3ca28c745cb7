import type * as TypeScript from "@tslab/typescript-for-tslab";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export type Compiler = typeof TypeScript;

export interface Transpiled {
  readonly code: string;
  readonly map: string;
}

/**
 * @returns a function that compiles a file's text without checking types, and remembers in `folder` what it has compiled before: the
 * library's hundred and more files would otherwise cost every kernel a second and a half. The folder can be deleted at any time; what was
 * changed there is compiled anew.
 */
export function createTranspiler(
  typescript: Compiler,
  compilerOptions: TypeScript.CompilerOptions,
  folder: string,
): (file: string, text: string) => Transpiled {
  const version = `${typescript.version} ${JSON.stringify(compilerOptions)}`;
  return (file, text) => {
    const key = digest([version, file, text]);
    const path = join(folder, `${key}.json`);
    try {
      const { code, map, sum } = JSON.parse(readFileSync(path, "utf8")) as Transpiled & { sum: string };
      if (sum === digest([key, code, map])) return { code, map };
    } catch {
      // Not there, or damaged: compiled anew.
    }
    const {
      outputText,
      sourceMapText = "",
      diagnostics,
    } = typescript.transpileModule(text, { fileName: file, compilerOptions, reportDiagnostics: true });
    const [broken] = diagnostics ?? [];
    if (broken) throw syntaxError(typescript, file, broken);
    const transpiled = { code: outputText, map: sourceMapText };
    remember(folder, path, JSON.stringify({ ...transpiled, sum: digest([key, outputText, sourceMapText]) }));
    return transpiled;
  };
}

function digest(parts: readonly string[]): string {
  return createHash("sha256").update(parts.join("\0")).digest("hex");
}

/** A file that was saved half, or has the marks of a merge in it, must not run: it says where it is broken. */
function syntaxError(typescript: Compiler, file: string, diagnostic: TypeScript.Diagnostic): SyntaxError {
  const { file: source, start = 0, messageText } = diagnostic;
  const { line, character } = source?.getLineAndCharacterOfPosition(start) ?? { line: 0, character: 0 };
  const text = typescript.flattenDiagnosticMessageText(messageText, " ");
  return new SyntaxError(`${file}:${line + 1}:${character + 1} - ${text}`);
}

/** Whole or not at all, since kernels run side by side; a folder that cannot be written costs time and nothing else. */
function remember(folder: string, path: string, content: string): void {
  const temporary = `${path}.${process.pid}`;
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(temporary, content);
    renameSync(temporary, path);
  } catch {
    // The next kernel compiles it again.
  }
}
