// The kernel's entry. It is JavaScript because nothing can compile TypeScript yet: it teaches `require` just enough to load the loader.
"use strict";
const { readFileSync } = require("node:fs");
const { dirname, join, relative, resolve } = require("node:path");

// Its workers load TypeScript through ts-node: see lib/cli/register.cjs.
process.env.DISABLE_V8_COMPILE_CACHE = "1";
const root = resolve(__dirname, "../../..");
const compilerOptions = { module: 100, moduleResolution: 3, target: 9, isolatedModules: true };

try {
  const typescript = require("@tslab/typescript-for-tslab");
  require.extensions[".ts"] = (module, file) =>
    module._compile(
      typescript.transpileModule(readFileSync(file, "utf8"), { fileName: file, compilerOptions }).outputText,
      file,
    );
  const loader = require("./loader").installLoader({ typescript, root, compilerOptions });
  const started = process.cwd();
  const inside = !relative(root, started).startsWith("..");
  // Relative imports of a notebook start at its own folder; everything else that the library does starts at the project's root.
  const cellFolder = inside ? started : join(root, "notebooks");
  process.chdir(root);
  require("./start").startKernel({ root, cellFolder, loader, connectionFile: process.argv[2] });
} catch (error) {
  const missing = error.code === "MODULE_NOT_FOUND" ? `; run "npm ci" in ${dirname(resolve(__dirname, ".."))}/..` : "";
  process.stderr.write(`the notebook kernel cannot start: ${error.message}${missing}\n`);
  process.exit(1);
}
