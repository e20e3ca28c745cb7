import type * as TypeScript from "@tslab/typescript-for-tslab";
import { kept } from "../../io/kept";

export type Compiler = typeof TypeScript;

export interface Transpiled {
  readonly code: string;
  readonly map: string;
}

/**
 * @returns a function that compiles a file's text without checking types, and remembers in `folder` what it has compiled before: the
 * library's hundred and more files would otherwise cost every kernel a second and a half
 */
export function createTranspiler(
  typescript: Compiler,
  compilerOptions: TypeScript.CompilerOptions,
  folder: string,
): (file: string, text: string) => Transpiled {
  const version = `${typescript.version} ${JSON.stringify(compilerOptions)}`;
  return (file, text) =>
    kept(folder, [version, file, text], () => {
      const options = { fileName: file, compilerOptions, reportDiagnostics: true };
      const { outputText, sourceMapText = "", diagnostics = [] } = typescript.transpileModule(text, options);
      if (diagnostics.length > 0) throw syntaxError(typescript, file, diagnostics[0]);
      return { code: outputText, map: sourceMapText };
    });
}

/** A file that was saved half, or has the marks of a merge in it, must not run: it says where it is broken. */
function syntaxError(typescript: Compiler, file: string, diagnostic: TypeScript.Diagnostic): SyntaxError {
  const { file: source, start = 0, messageText } = diagnostic;
  const { line, character } = source?.getLineAndCharacterOfPosition(start) ?? { line: 0, character: 0 };
  const text = typescript.flattenDiagnosticMessageText(messageText, " ");
  return new SyntaxError(`${file}:${line + 1}:${character + 1} - ${text}`);
}
