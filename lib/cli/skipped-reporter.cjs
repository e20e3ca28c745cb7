// A reporter for node --test that writes a line for every test that was left out: its reason, a tab, its name.
module.exports = async function* skipped(events) {
  for await (const { type, data } of events)
    if (type === "test:pass" && data.skip !== undefined && data.skip !== false)
      yield `${typeof data.skip === "string" ? data.skip : "no reason given"}\t${data.name}\n`;
};
