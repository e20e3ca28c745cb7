#!/usr/bin/env node
// The command line runs from its TypeScript sources through ts-node; types are checked by `npm test`, not at every start.
const { join } = require("node:path");
const { enableCompileCache } = require("node:module");

const root = join(__dirname, "..", "..");
enableCompileCache?.(join(root, ".workbench", "compile-cache")); // Node 22.1 and newer
require("ts-node").register({ project: join(root, "tsconfig.json") });
require("./main").main(process.argv);
