// Loads TypeScript: `node -r ./lib/cli/register.cjs file.ts`. What was compiled before is taken as it is kept; the first file that was not
// calls ts-node, which loads the compiler.
const inspector = require("node:inspector");
const { readFileSync } = require("node:fs");
const module_ = require("node:module");
const { join, sep } = require("node:path");
const { install } = require("@cspotcode/source-map-support");
const { recall } = require("./translations.cjs");
const { trustedFolder } = require("./trusted-folder.cjs");

const root = join(__dirname, "..", "..");
// ts-node would keep bytecode of its compiler in a folder of the temporary directory whose name anybody can guess and whose owner nobody
// checks; every process that is started from here inherits the refusal.
process.env.DISABLE_V8_COMPILE_CACHE = "1";
const bytecode = join(root, ".workbench", "cache", "bytecode");
if (module_.enableCompileCache && trustedFolder(bytecode)) module_.enableCompileCache(bytecode); // Node 22.1 and newer

const maps = new Map();
install({
  environment: "node",
  redirectConflictingLibrary: true,
  retrieveSourceMap(file) {
    if (!maps.has(file)) return null;
    return { url: file, map: { ...JSON.parse(maps.get(file)), file, sources: [file], sourceRoot: undefined } };
  },
});

/** Debuggers and measures of coverage read source maps in the code itself, where ts-node writes them. */
const watched = inspector.url() !== undefined || process.env.NODE_V8_COVERAGE !== undefined;
const foreign = `${sep}node_modules${sep}`;
let compile;

function load(module, fileName) {
  const skips = watched || fileName.includes(foreign);
  const known = skips ? undefined : recall(readFileSync(fileName, "utf8"), fileName);
  if (known === undefined) return (compile ??= startCompiler())(module, fileName);
  maps.set(fileName, known.sourceMapText);
  return module._compile(known.outputText, fileName);
}

/** @returns what loads a file through ts-node */
function startCompiler() {
  delete require.extensions[".ts"];
  require("ts-node").register({ project: join(root, "tsconfig.json") });
  const compiling = require.extensions[".ts"];
  require.extensions[".ts"] = load;
  return compiling;
}

require.extensions[".ts"] = load;
