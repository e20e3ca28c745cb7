#!/usr/bin/env node
// The command line runs from its TypeScript sources through ts-node; types are checked by `npm test`, not at every start.
const { join } = require("node:path");
const { enableCompileCache } = require("node:module");
const { trustedFolder } = require("./trusted-folder.cjs");

const bytecode = join(__dirname, "..", "..", ".workbench", "cache", "bytecode");
if (enableCompileCache && trustedFolder(bytecode)) enableCompileCache(bytecode); // Node 22.1 and newer
require("./register.cjs");
require("./main").main(process.argv);
