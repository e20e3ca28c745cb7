// ts-node's transpiler with a memory. The command line, its workers and the tests start many processes that load the same hundred files;
// compiling them anew costs each one or two seconds. It is JavaScript because ts-node loads it before it can load TypeScript.
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");
const typescript = require("typescript");

const folder = join(__dirname, "..", "..", ".workbench", "cache", "transpiled");

/** See ts-node's `TranspilerModule`. Types are not checked here; `npm test` checks them. */
exports.create = ({ service }) => {
  const compilerOptions = { ...service.config.options, sourceMap: true, inlineSourceMap: false, noEmit: false };
  const version = `${typescript.version} ${JSON.stringify(compilerOptions, (key, value) => (key.endsWith("Path") ? undefined : value))}`;
  return {
    transpile(text, { fileName }) {
      const path = join(
        folder,
        `${createHash("sha256").update(`${version}\0${fileName}\0${text}`).digest("hex")}.json`,
      );
      try {
        return JSON.parse(readFileSync(path, "utf8"));
      } catch {
        // Not there, or damaged: compiled anew.
      }
      const { outputText, sourceMapText } = typescript.transpileModule(text, { fileName, compilerOptions });
      remember(path, JSON.stringify({ outputText, sourceMapText }));
      return { outputText, sourceMapText };
    },
  };
};

/** Whole or not at all, since workers run side by side; a folder that cannot be written costs time and nothing else. */
function remember(path, content) {
  const temporary = `${path}.${process.pid}`;
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(temporary, content);
    renameSync(temporary, path);
  } catch {
    // The next process compiles it again.
  }
}
