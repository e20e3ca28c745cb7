/** What is told of the committed results is what their tables say. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { projectRoot } from "../../lib/records/paths";
import { readExperiment, readTask, recordsOf } from "../../lib/records/config";
import { readReleased } from "../../lib/records/release/released";
import { reportedOf } from "../../lib/report/reported";
import { tablesOf } from "../../lib/report/tables-of";
import { textTable } from "../../lib/report/text-table";

const text = readFileSync(join(projectRoot, "docs", "findings.md"), "utf8");
const sections = text.split(/^## /m).slice(1);
const decimal = /(?<![\d.])-?\d\.\d{2,3}(?!\d)/g;

/** Every number with two or three decimals in the tables of an experiment's committed results of some seeds. */
function inTables(id: string, [first, last]: readonly [number, number]): Set<string> {
  const experiment = readExperiment(id);
  const released = [...readReleased("phantom", recordsOf(experiment)).records.values()];
  const found = reportedOf(
    experiment,
    released.filter(({ record }) => record.seed >= first && record.seed <= last),
  );
  const tables = tablesOf(experiment, readTask(experiment.task), found).map(textTable).join("\n");
  return new Set(tables.match(decimal));
}

/** What a part is of: `seed 0 (`inside-fundus`)`, `seeds 0 to 2 (`inside-prostate`)`. */
const scope = /^.*, seeds? (\d)(?: to (\d))? \(`([a-z-]+)`\)/;

test("each part names its experiment and seeds, and tells some numbers", () => {
  assert.ok(sections.length >= 3);
  for (const section of sections) assert.match(section, new RegExp(`${scope.source}\\n[^]*\\d\\.\\d{2}`));
});

for (const section of sections) {
  const [heading, first = "", to, id = ""] = scope.exec(section) ?? [section];
  test(`the numbers of "${heading}" stand in its tables`, () => {
    const known = inTables(id, [Number(first), Number(to ?? first)]);
    // A difference is told without its sign where words say who is ahead.
    const strange = (section.match(decimal) ?? []).filter((each) => !known.has(each) && !known.has(`-${each}`));
    assert.deepEqual(strange, []);
    assert.ok(known.size > 20);
  });
}
