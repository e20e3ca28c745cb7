// A reporter for node --test that notes what the check tells at its end, a line each, parts between tabs: "left out", the reason and the
// name of a test; "seconds", how long the tests of a file took and the file.
const { relative, sep } = require("node:path");

module.exports = async function* notes(events) {
  const seconds = new Map();
  for await (const { type, data } of events) {
    if (type === "test:pass" && data.skip !== undefined && data.skip !== false)
      yield `left out\t${typeof data.skip === "string" ? data.skip : "no reason given"}\t${data.name}\n`;
    if ((type === "test:pass" || type === "test:fail") && data.nesting === 0 && data.file) {
      // Files that share a process are suites there, named after the file.
      const file = data.name.endsWith(".test.ts") ? data.name : relative(process.cwd(), data.file);
      seconds.set(file, (seconds.get(file) ?? 0) + data.details.duration_ms / 1000);
    }
  }
  for (const [file, took] of seconds) yield `seconds\t${took.toFixed(1)}\t${file.split(sep).join("/")}\n`;
};
