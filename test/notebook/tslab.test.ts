import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { probeKernel } from "../../lib/notebook/kernel/probe";
import { hint, repairs } from "../../lib/notebook/kernel/tslab";
import { projectRoot } from "./make-notebook";

const text = readFileSync(createRequire(__filename).resolve("tslab/dist/converter.js"), "utf8");
const list = repairs(projectRoot, join(projectRoot, "notebooks"));

test("every repair finds its text in the installed tslab", () => {
  const mended = hint(text, list);
  for (const { put, why } of list) if (put) assert.ok(mended.includes(put), why);
  assert.equal(probeKernel().works, true);
});

test("a tslab in which one of the texts has changed is refused, naming what could not be mended", () => {
  for (const repair of list) {
    const changed = text.split(repair.find).join("/* changed */");
    assert.throws(
      () => hint(changed, list),
      (error: Error) => error.message.includes(repair.why),
      repair.why,
    );
  }
});
