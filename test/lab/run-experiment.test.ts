import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { hostname, userInfo } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { createBench } from "./small-experiment";

const run = (experiment: string, ...more: string[]) => ["run", experiment, "--profile", "small", "--engine", "wasm", ...more];
const [alone, together, stopped] = [createBench(), createBench(), createBench()];
after(() => [alone, together, stopped].forEach((bench) => bench.remove()));

test("one worker, and two workers in another place, give the same bytes; a rerun computes nothing in under 2 s", async () => {
  for (const experiment of ["inside", "outside"]) {
    const one = await alone.iopfl(run(experiment, "--workers", "1"));
    assert.equal(one.code, 0, one.output);
    const two = await together.iopfl(run(experiment, "--workers", "2"));
    assert.equal(two.code, 0, two.output);
    const records = alone.records(experiment);
    assert.equal(Object.keys(records).length, experiment === "inside" ? 3 : 9);
    assert.deepEqual(together.records(experiment), records);
    const again = await alone.iopfl(run(experiment, "--workers", "1"));
    assert.match(again.output, / 0 jobs computed, /);
    assert.ok(again.cpuSeconds < 2, `${again.cpuSeconds} s`);
  }
});

test("a site that is held out is not among the clients, and outside methods share its federation", () => {
  const records = Object.values(alone.records("outside")).map((text) => JSON.parse(text));
  for (const adaptation of records.filter(({ kind }) => kind === "adaptation")) {
    const federation = records.find(({ id }) => id === adaptation.federation);
    assert.deepEqual(federation.sites, ["HK", "UCL", "BIDMC"].filter((site) => site !== adaptation.heldOut));
  }
  assert.equal(records.filter(({ kind }) => kind === "federation").length, 3);
});

test("Ctrl-C in the middle stops with one line and exit code 130; what was finished stays; the rest resumes to the same bytes", async () => {
  const interrupted = await stopped.iopfl(run("inside", "--workers", "1"), { interruptAt: /inside: \d+ %/ });
  assert.equal(interrupted.code, 130, interrupted.output);
  assert.match(interrupted.output, /iopfl: inside was interrupted; run the same command again to go on; finished results were kept\n$/);
  const resumed = await stopped.iopfl(run("inside", "--workers", "1"));
  assert.equal(resumed.code, 0, resumed.output);
  assert.deepEqual(stopped.records("inside"), alone.records("inside"));
});

test("records and provenance name no absolute path, host or user", () => {
  const folder = join(alone.results, "small");
  const files = (readdirSync(folder, { recursive: true }) as string[]).filter((file) => file.endsWith(".json"));
  assert.equal(files.length, 2 * 12);
  for (const file of files) {
    const text = readFileSync(join(folder, file), "utf8");
    assert.doesNotMatch(text, /"\/[a-z]+\//, `${file} holds an absolute path`);
    for (const name of [hostname(), userInfo().username]) assert.ok(!text.includes(`"${name}"`), `${file} names ${name}`);
  }
});
