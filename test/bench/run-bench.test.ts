import assert from "node:assert";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { benchResultSchema, type CaseResult } from "../../lib/bench/results";

const work = mkdtempSync(join(tmpdir(), "iopfl-bench-"));
process.env.IOPFL_WORK = work; // read when the next module is loaded
const { openPartial } = require("../../lib/bench/partial") as typeof import("../../lib/bench/partial");
after(() => rmSync(work, { recursive: true, force: true }));

const result: CaseResult = { id: "a case", task: "training", sides: [], difference: null, load: [0, 0] };

test("an interrupted run finds its finished cases again, unless something has changed", () => {
  openPartial("test", { repetitions: 2 }).put(result);
  const again = openPartial("test", { repetitions: 2 });
  assert.deepStrictEqual(again.get("a case"), result);
  assert.strictEqual(again.get("another"), undefined);
  assert.strictEqual(openPartial("test", { repetitions: 3 }).get("a case"), undefined);
  again.forget();
  assert.strictEqual(openPartial("test", { repetitions: 2 }).get("a case"), undefined);
});

test("iopfl bench measures a case, prints valid JSON and writes both files", () => {
  const command = [
    join(__dirname, "..", "..", "lib", "cli", "iopfl.cjs"),
    "bench",
    "--quick",
    "--engine",
    "wasm",
    "--only",
    "inference",
    "--reps",
    "2",
    "--python",
    "/nowhere/python",
    "--json",
  ];
  const printed = execFileSync(process.execPath, command, {
    env: { ...process.env, IOPFL_WORK: work },
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const { cases, torch, failed, engine } = benchResultSchema.parse(JSON.parse(printed));
  assert.deepStrictEqual([engine, torch, failed], ["wasm", "no torch", []]);
  assert.deepStrictEqual(
    cases.map(({ sides }) => sides.map(({ id, samples }) => [id, samples.length])),
    [[["wasm", 6]]],
  );
  assert.ok(cases[0].sides[0].median > 0 && (cases[0].sides[0].peakMegabytes ?? 0) > 50);
  const files = readdirSync(join(work, "bench")).filter((file) => file.includes(".quick.wasm."));
  assert.deepStrictEqual(files.map((file) => file.replace(/^.*\.quick/, "quick")).sort(), [
    "quick.wasm.json",
    "quick.wasm.md",
  ]);
  assert.ok(
    existsSync(join(work, "bench", "quick-wasm.partial.json")),
    "what was measured is kept until the run is whole",
  );
});
