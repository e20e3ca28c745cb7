#!/usr/bin/env node
// The command line runs from its TypeScript sources; types are checked by `npm test`, not at every start.
require("./register.cjs");
require("./main").main(process.argv);
