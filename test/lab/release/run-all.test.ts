import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { createBench } from "../support/small-experiment";

const bench = createBench();
after(() => bench.remove());
const profile = join(bench.configs, "profiles", "small.yaml");
writeFileSync(
  profile,
  readFileSync(profile, "utf8").replace("seeds: [0]", "seeds: [0, 1]").replace("rounds: 3", "rounds: 1"),
);
// Of whatever an experiment holds the least: it is their order that counts.
for (const [id, method] of [
  ["inside", "{ id: iop-fl }"],
  ["outside", "{ id: iop-fl }]"],
] as const) {
  const path = join(bench.configs, "experiments", `${id}.yaml`);
  writeFileSync(path, readFileSync(path, "utf8").replace(`, ${method}`, id === "outside" ? "]" : ""));
}
const runAll = (...more: string[]) => bench.iopfl(["run", "--all", "--profile", "small", "--engine", "wasm", ...more]);

test("all experiments stop cleanly when the time is over, and the same command goes on, seed 0 of all first", async () => {
  const short = await runAll("--hours", "0.0005");
  assert.equal(short.code, 0, short.output);
  assert.match(short.output, /the time is over after \d+ s; the same command goes on/);
  const whole = await runAll("--hours", "1");
  assert.equal(whole.code, 0, whole.output);
  assert.match(whole.output, /everything of profile small is done/);
  const order = [...whole.output.matchAll(/^(\w+), seed (\d): /gm)].map(([, id, seed]) => `${id} ${seed}`);
  assert.deepEqual(order, ["inside 0", "outside 0", "inside 1", "outside 1"]);
  const records = Object.keys(bench.records("inside"));
  assert.equal(records.length, 4);
});

test("an experiment beside --all, and none at all, are refused in a line", async () => {
  assert.match((await bench.iopfl(["run", "inside", "--all"])).output, /--all and inside exclude each other/);
  assert.match((await runAll("--dry-run")).output, /--all and --dry-run exclude each other/);
  assert.match((await bench.iopfl(["run", "inside", "--hours", "1"])).output, /--hours is for --all alone/);
  assert.match((await bench.iopfl(["run"])).output, /no experiment is named.*inside.*--all/);
});
