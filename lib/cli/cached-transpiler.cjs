// ts-node's transpiler, which keeps what it made. It is JavaScript because ts-node loads it before it can load TypeScript.
const { join, relative } = require("node:path");
const typescript = require("typescript");
const { remember } = require("./translations.cjs");

const root = join(__dirname, "..", "..");

/** See ts-node's `TranspilerModule`. Types are not checked here; `npm test` checks them. */
exports.create = ({ service }) => {
  const compilerOptions = { ...service.config.options, sourceMap: true, inlineSourceMap: false, noEmit: false };
  return {
    transpile(text, { fileName }) {
      const { outputText, sourceMapText, diagnostics } = typescript.transpileModule(text, {
        fileName,
        compilerOptions,
        reportDiagnostics: true,
      });
      if (diagnostics.length > 0) throw syntaxError(diagnostics[0], relative(root, fileName));
      remember(text, fileName, { outputText, sourceMapText });
      return { outputText, sourceMapText };
    },
  };
};

/** A file that was saved half, or has the marks of a merge in it, must not run: of two versions in such marks the compiler would take the first. */
function syntaxError({ file, start, messageText }, name) {
  const { line, character } = file.getLineAndCharacterOfPosition(start);
  const text = typescript.flattenDiagnosticMessageText(messageText, " ").replace(/\.$/, "");
  const problem = `${name}:${line + 1}:${character + 1} - ${text}`;
  try {
    const { WorkbenchError } = require("../core/errors.ts");
    return new WorkbenchError(problem, "mend the file; nothing of it was run");
  } catch {
    return new SyntaxError(problem); // the broken file is that one, or one that it needs
  }
}
