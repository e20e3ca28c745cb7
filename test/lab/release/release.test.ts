import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import type { Certificate } from "../../../lib/records/release/certificate";
import { createBench } from "../support/small-experiment";
import { createCheckout } from "./checkout";

const checkout = createCheckout();
const bench = createBench();
const released = join(bench.results, "released");
after(() => {
  bench.remove();
  checkout.remove();
});

/** A command of the checkout, whose code the tests edit. */
async function iopfl(...args: string[]): Promise<{ code: number | null; output: string }> {
  return bench.iopfl(args, { command: checkout.command, env: { IOPFL_RELEASES: released } });
}
const run = (id: string, ...more: string[]) => iopfl("run", id, "--profile", "small", "--engine", "wasm", ...more);
const certify = () => iopfl("certify", "small", "--engine", "wasm", "--minutes", "0.001");
const outcomes = () => {
  const text = readFileSync(join(released, "small", "certificates", "wasm.json"), "utf8");
  const { methods } = JSON.parse(text) as Certificate;
  return Object.fromEntries(Object.entries(methods).map(([name, { checks }]) => [name, checks[0].outcome]));
};
const own = (...path: string[]) => join(bench.results, "small", ...path);

test("unfinished records, and those of a tree that is no commit, are not released", async () => {
  assert.equal((await run("inside")).code, 0);
  const early = await iopfl("release", "small", "inside", "outside", "--engine", "wasm");
  assert.equal(early.code, 1);
  assert.match(early.output, /9 of 9 jobs of outside are not finished, the first federation\.without-HK\.seed0/);
  const undo = checkout.edit("lib/methods/train/fedavg.ts", (text) => `// changed\n${text}`);
  const dirty = await iopfl("release", "small", "inside", "--engine", "wasm");
  undo();
  assert.equal(dirty.code, 1);
  assert.match(dirty.output, /the working tree is not a commit \([0-9a-f]+\+changes\)/);
});

test("a release is made of finished records, and stands without them, their data and their models", async () => {
  assert.equal((await run("outside")).code, 0);
  const { code, output } = await iopfl("release", "small", "inside", "outside", "--engine", "wasm");
  assert.equal(code, 0, output);
  assert.match(output, /released: 12 records of 2 experiments/);
  rmSync(bench.work, { recursive: true, force: true });
  rmSync(own(), { recursive: true, force: true });
  for (const id of ["inside", "outside"]) {
    const again = await run(id);
    assert.equal(again.code, 0, again.output);
    assert.match(again.output, /0 jobs computed, \d+ reused/);
    assert.match(again.output, /released: made by commit [0-9a-f]{12} with engine wasm; made by this very code/);
  }
  assert.match(
    (await iopfl("verify", "--release", "small")).output,
    /small: 12 records and 12 pictures of 2 experiments are what was released/,
  );
});

test("what computes nothing leaves a release standing: a comment, a type, a file that moved", async () => {
  const undo = [
    checkout.edit("lib/methods/train/fedavg.ts", (text) => `/** Says more. */\n${text}\ntype Added = number;\n`),
    checkout.move("lib/core/mean.ts", "lib/core/average.ts"),
  ];
  assert.match((await run("inside")).output, /0 jobs computed.*made by this very code/);
  undo.forEach((each) => each());
});

test("a sign in the aggregation is found in the methods that average, by certificate and in the line of every run", async () => {
  const sound = await certify();
  assert.equal(sound.code, 0, sound.output);
  const before = outcomes();
  assert.deepEqual([...new Set(Object.values(before))], ["equal"]);
  assert.deepEqual(Object.keys(before), [
    "inside/federation fedavg",
    "inside/federation iop-fl",
    "inside/federation local-only",
    "outside/adaptation global",
    "outside/adaptation iop-fl",
    "outside/federation iop-fl",
  ]);
  const hasty = await iopfl("certify", "small", "--engine", "wasm", "--at-most", "0.00001");
  assert.equal(hasty.code, 0, hasty.output);
  assert.match(hasty.output, /^0 recomputed .*; 6 more were not reached; the certificate that is there stays$/m);
  assert.deepEqual(outcomes(), before);
  // The step is taken in the other direction.
  const undo = checkout.edit("lib/methods/parts/averaging.ts", (text) =>
    text
      .replace("meanModel(updates, weightOf))", "combine([server.model, meanModel(updates, weightOf)], [2, -1]))")
      .replace("import { weightedMean", "import { combine, weightedMean"),
  );
  const broken = await certify();
  const after = outcomes();
  const line = await run("inside");
  undo();
  assert.equal(broken.code, 1, broken.output);
  assert.match(broken.output, /different: code; changed since [0-9a-f]{12}: lib\/methods\/parts\/averaging\.ts/);
  assert.equal(after["inside/federation local-only"], "equal");
  assert.equal(after["inside/federation fedavg"], "different");
  assert.match(line.output, /of 3 no longer hold; no longer holds: fedavg\.seed0 gave other numbers/);
  const again = await run("inside");
  assert.match(again.output, /made by this very code/, "the old code is what made it");
});

test("own runs stand beside the release and never touch it; another default is another question", async () => {
  const lines = () => readFileSync(join(released, "small", "inside.records.jsonl"), "utf8");
  const before = lines();
  assert.match((await run("inside", "--fresh")).output, /3 jobs computed, 0 reused/);
  assert.equal(lines(), before);
  assert.match(
    (await iopfl("compare", "small")).output,
    /inside: mine beside the released[\s\S]*3 of 3 records are equal in every number/,
  );
  rmSync(own(), { recursive: true, force: true });
  const other = await run("inside", "--set", "iop-fl.alpha=0.3");
  assert.match(other.output, /1 jobs? computed, 2 reused/);
});

test("a number that was edited by hand is found, and nothing is read from that release", async () => {
  const path = join(released, "small", "inside.records.jsonl");
  const whole = readFileSync(path, "utf8");
  writeFileSync(
    path,
    whole.replace(/0\.(\d{3})/, (_, digits: string) => `0.${digits === "999" ? "998" : "999"}`),
  );
  const found = await iopfl("verify", "--release", "small");
  assert.equal(found.code, 1);
  assert.match(found.output, /the release small was changed: inside\/fedavg\.seed0 is not what was released/);
  writeFileSync(path, whole);
});
