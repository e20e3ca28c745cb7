// Loads TypeScript through ts-node: `node -r ./lib/cli/register.cjs file.ts`. ts-node would keep bytecode of its compiler in a folder of the
// temporary directory whose name anybody can guess and whose owner nobody checks; every process that is started from here inherits the refusal.
const { join } = require("node:path");

process.env.DISABLE_V8_COMPILE_CACHE = "1";
require("ts-node").register({ project: join(__dirname, "..", "..", "tsconfig.json") });
