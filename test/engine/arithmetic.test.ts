import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { probeTensorflow } from "../../lib/engine";
import { canRun } from "../../lib/engine/install/command";
import { adaptations, trainings } from "../../lib/methods/registry";
import { createBench } from "../lab/support/small-experiment";
import { bundle } from "./emulated/bundle";
import { computedBy } from "./emulated/computed-by";
import { committedBytes } from "./emulated/emulate";
import { ownProcessors } from "./emulated/processors";
import { buildCheck, committedLoops, runCheck } from "./native/check";

const compiled = probeTensorflow().addon === "compiled";
const skip = !compiled && "the addon that is compiled here is not in place: npm run setup";

/** What needs a federation of its own adapts no other's models; its operations are looked at in methods-operations.test.ts. */
const outside = adaptations.filter(({ wants }) => wants === undefined);

test("every loop gives the committed bytes with each instruction set of this processor", { skip }, async (context) => {
  if (!(await canRun("g++", ["--version"]))) return context.skip("no g++: apt-get install g++, or your system's own");
  // Under another name it ends with an error where two sets differ.
  const { loops, summary } = await runCheck(await buildCheck(false));
  assert.equal(loops, readFileSync(committedLoops, "utf8"));
  assert.match(summary, /^[1-9]\d{3} problems, AVX2.*, 0 different$/);
});

test(
  "every operation and some steps of each task give the committed bytes, with AVX2 alone too",
  { skip },
  async () => {
    const script = await bundle();
    const wanted = JSON.parse(readFileSync(committedBytes("tensorflow"), "utf8")) as Record<string, string>;
    assert.ok(Object.keys(wanted).length > 30);
    for (const environment of [
      { IOPFL_VECTORS: "" },
      { IOPFL_VECTORS: "avx2" },
      { TF_NUM_INTRAOP_THREADS: "2", TF_NUM_INTEROP_THREADS: "2" },
    ])
      assert.deepEqual(await computedBy({ ...ownProcessors[0], environment }, script), wanted);
  },
);

test(
  "jobs of every method give the same bytes with the widest registers by one worker, and with AVX2 by two",
  { skip },
  async () => {
    const all = [];
    for (const [vectors, workers] of [
      ["", 1],
      ["avx2", 2],
    ] as const) {
      const bench = createBench({ IOPFL_VECTORS: vectors });
      // The second round goes on from what a method kept of the first; a third would do no more.
      const profile = join(bench.configs, "profiles", "small.yaml");
      writeFileSync(profile, readFileSync(profile, "utf8").replace("rounds: 3", "rounds: 2"));
      try {
        for (const [experiment, methods, only] of [
          ["inside", trainings, []],
          ["outside", outside, ["--only", "site=HK"]],
        ] as const) {
          const run = ["run", experiment, "--profile", "small", "--engine", "tensorflow", "--workers", String(workers)];
          run.push("--methods", ...methods.map(({ id }) => id), ...only);
          const { code, output } = await bench.iopfl(run);
          assert.equal(code, 0, output);
        }
        all.push({ ...bench.records("inside"), ...bench.records("outside") });
      } finally {
        bench.remove();
      }
    }
    assert.ok(Object.keys(all[0]).length >= trainings.length + outside.length);
    assert.deepEqual(all[1], all[0]);
  },
);
