import { mkdirSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import * as typescript from "typescript";
import type { TypeFault } from "./type-fault";

/**
 * Checks files of the project and everything that they import, with the project's own settings. What nobody uses yet is no fault: whoever
 * edits is on the way.
 * @param memory the file in which the compiler keeps what it knows of unchanged files
 * @returns syntax errors if there are any, else what does not fit
 */
export function findTypeFaults(root: string, entries: readonly string[], memory: string): TypeFault[] {
  mkdirSync(dirname(memory), { recursive: true });
  const changes = { noUnusedLocals: false, noUnusedParameters: false, incremental: true, tsBuildInfoFile: memory };
  const host = { ...typescript.sys, onUnRecoverableConfigFileDiagnostic: refuse };
  const config = typescript.getParsedCommandLineOfConfigFile(join(root, "tsconfig.json"), changes, host);
  if (!config) throw new Error("tsconfig.json cannot be read");
  const program = typescript.createIncrementalProgram({
    rootNames: entries.map((entry) => join(root, entry)),
    options: config.options,
    host: typescript.createIncrementalCompilerHost(config.options),
  });
  const broken = program.getSyntacticDiagnostics();
  const found = broken.length > 0 ? broken : program.getSemanticDiagnostics();
  program.emit(); // keeps what was learned; of the code nothing is written
  return found.flatMap((diagnostic) => faultOf(root, diagnostic));
}

function faultOf(root: string, { file, start = 0, messageText, code }: typescript.Diagnostic): TypeFault[] {
  if (!file) return [];
  const { line, character } = file.getLineAndCharacterOfPosition(start);
  const text = `${typescript.flattenDiagnosticMessageText(messageText, " ").replace(/\s+/g, " ")} (TS${code})`;
  return [{ file: relative(root, file.fileName), line: line + 1, column: character + 1, text }];
}

function refuse({ messageText }: typescript.Diagnostic): never {
  throw new Error(typescript.flattenDiagnosticMessageText(messageText, " "));
}
