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
 * library's hundred and more files would otherwise cost every kernel a second and a half. The folder can be deleted at any time.
 */
export function createTranspiler(
  typescript: Compiler,
  compilerOptions: TypeScript.CompilerOptions,
  folder: string,
): (file: string, text: string) => Transpiled {
  const version = `${typescript.version} ${JSON.stringify(compilerOptions)}`;
  return (file, text) => {
    const key = createHash("sha256").update([version, file, text].join("\0")).digest("hex");
    const path = join(folder, `${key}.json`);
    try {
      return JSON.parse(readFileSync(path, "utf8")) as Transpiled;
    } catch {
      // Not there, or damaged: compiled anew.
    }
    const { outputText, sourceMapText = "" } = typescript.transpileModule(text, { fileName: file, compilerOptions });
    const transpiled = { code: outputText, map: sourceMapText };
    remember(folder, path, JSON.stringify(transpiled));
    return transpiled;
  };
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
