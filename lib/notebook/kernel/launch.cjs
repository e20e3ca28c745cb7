// The kernel's entry. It is JavaScript because nothing can compile TypeScript yet: it teaches `require` just enough to load the loader.
"use strict";
// Asked for first: a parent that dies while the kernel starts must be missed later.
const parent = process.ppid;
const { readFileSync, writeSync } = require("node:fs");
const { dirname, join, relative, resolve } = require("node:path");

// Its workers load TypeScript through ts-node: see lib/cli/register.cjs.
process.env.DISABLE_V8_COMPILE_CACHE = "1";
const root = resolve(__dirname, "../../..");
const compilerOptions = { module: 100, moduleResolution: 3, target: 9, isolatedModules: true };

function fail(error) {
  const missing = error.code === "MODULE_NOT_FOUND" ? `; run "npm ci" in ${dirname(resolve(__dirname, ".."))}/..` : "";
  // What is printed by then belongs to cells.
  writeSync(2, `the notebook kernel cannot start: ${error.message}${missing}\n`);
  process.exit(1);
}

/** Jupyter says who started the kernel; it may have gone before the kernel's first line ran. */
function wantedBy(pid) {
  try {
    return pid === undefined || process.kill(Number(pid), 0);
  } catch (error) {
    return error.code !== "ESRCH";
  }
}

try {
  if (!wantedBy(process.env.JPY_PARENT_PID)) process.exit(1);
  const typescript = require("@tslab/typescript-for-tslab");
  require.extensions[".ts"] = (module, file) =>
    module._compile(
      typescript.transpileModule(readFileSync(file, "utf8"), { fileName: file, compilerOptions }).outputText,
      file,
    );
  const loader = require("./loader").installLoader({ typescript, root, compilerOptions });
  const started = process.cwd();
  const inside = !relative(root, started).startsWith("..");
  // Relative imports start at the notebook's own folder, as its working folder does; outside the project they start as in notebooks/.
  const cellFolder = inside ? started : join(root, "notebooks");
  for (const name of ["IOPFL_WORK", "IOPFL_CONFIGS", "IOPFL_RESULTS"])
    if (process.env[name]) process.env[name] = resolve(root, process.env[name]);
  const connectionFile = resolve(process.argv[2] ?? "");
  require("./start").startKernel({ root, cellFolder, loader, connectionFile, parent }).catch(fail);
} catch (error) {
  fail(error);
}
