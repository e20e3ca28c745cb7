// ts-node's transpiler with a memory. The command line, its workers and the tests start many processes that load the same hundred files;
// compiling them anew costs each one or two seconds. It is JavaScript because ts-node loads it before it can load TypeScript.
const { createHash, randomBytes } = require("node:crypto");
const { readFileSync, renameSync, rmSync, writeFileSync } = require("node:fs");
const { join, relative } = require("node:path");
const typescript = require("typescript");
const { trustedFolder } = require("./trusted-folder.cjs");

const root = join(__dirname, "..", "..");
const folder = join(root, ".workbench", "cache", "transpiled-2");
const sha256 = (text) => createHash("sha256").update(text).digest("hex");

/** See ts-node's `TranspilerModule`. Types are not checked here; `npm test` checks them. */
exports.create = ({ service }) => {
  const compilerOptions = { ...service.config.options, sourceMap: true, inlineSourceMap: false, noEmit: false };
  const version = `${typescript.version} ${JSON.stringify(compilerOptions, (key, value) => (key.endsWith("Path") ? undefined : value))}`;
  const trusted = trustedFolder(folder);
  return {
    transpile(text, { fileName }) {
      const path = join(folder, `${sha256(`${version}\0${fileName}\0${text}`)}.json`);
      const known = trusted ? recall(path, fileName) : undefined;
      if (known) return known;
      const { outputText, sourceMapText, diagnostics } = typescript.transpileModule(text, {
        fileName,
        compilerOptions,
        reportDiagnostics: true,
      });
      if (diagnostics.length > 0) throw syntaxError(diagnostics[0], relative(root, fileName));
      if (trusted) remember(path, JSON.stringify({ outputText, sourceMapText }));
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

/** The name says what a translation is of, its first line what it holds. @returns undefined where there is none, or a damaged one */
function recall(path, fileName) {
  let text;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
  const [sum, content] = [text.slice(0, 64), text.slice(65)];
  if (sum === sha256(content)) return JSON.parse(content);
  process.stderr.write(`the kept translation of ${relative(root, fileName)} is damaged; it is made again\n`);
  return undefined;
}

/** Whole or not at all, since workers run side by side; a folder that cannot be written costs time and nothing else. */
function remember(path, content) {
  const temporary = `${path}.${process.pid}-${randomBytes(6).toString("hex")}.tmp`;
  try {
    writeFileSync(temporary, `${sha256(content)}\n${content}`);
    renameSync(temporary, path);
  } catch {
    try {
      rmSync(temporary, { force: true }); // The next process compiles it again.
    } catch {
      // Of another user, whose installation this is: nothing was written.
    }
  }
}
