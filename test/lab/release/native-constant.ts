import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describeError } from "../../../lib/core/errors";
import { canRun } from "../../../lib/engine/install/command";
import { probeTensorflow } from "../../../lib/engine/install/probe";
import type { Certificate } from "../../../lib/records/release/certificate";
import { createBench } from "../support/small-experiment";
import { createNativeCheckout } from "./native-checkout";

const source = "lib/engine/install/native/loops-adam.inc";

/**
 * `npm run certify:native`: Adam's epsilon is made a thousand times larger in C++ and compiled. What was released with the addon as it was must
 * then fail its certificate, and what is computed must have another name. Compiling takes minutes: the weekly workflow runs it.
 */
async function main(): Promise<void> {
  const { verified, addon } = probeTensorflow();
  if (!verified || addon !== "compiled" || !(await canRun("g++", ["--version"]))) {
    console.log("skipped: it takes g++ and an addon that was compiled here (npm run setup)");
    return;
  }
  const [checkout, bench] = [createNativeCheckout(), createBench()];
  const released = join(bench.results, "released");
  const iopfl = async (...args: string[]) => {
    const { code, output } = await bench.iopfl(args, { command: checkout.command, env: { IOPFL_RELEASES: released } });
    console.log(`> iopfl ${args.join(" ")}\n${output.trim()}`);
    return { code, output };
  };
  const certify = () => iopfl("certify", "small", "--engine", "tensorflow", "--minutes", "0.001");
  const outcomes = () => {
    const path = join(released, "small", "certificates", "tensorflow.json");
    const { methods, arithmetic } = JSON.parse(readFileSync(path, "utf8")) as Certificate;
    return { arithmetic, found: Object.values(methods).flatMap(({ checks }) => checks.map(({ outcome }) => outcome)) };
  };
  try {
    const run = ["run", "inside", "--profile", "small", "--engine", "tensorflow"];
    assert.equal((await iopfl(...run)).code, 0);
    assert.equal((await iopfl("release", "small", "inside", "--engine", "tensorflow")).code, 0);
    assert.equal((await certify()).code, 0);
    const before = outcomes();
    assert.deepEqual(new Set(before.found), new Set(["equal"]));

    checkout.edit(source, (text) => text.replace("adam.epsilon)", "adam.epsilon * 1000.0f)"));
    assert.equal((await iopfl("setup", "--no-jupyter")).code, 0);
    const broken = await certify();
    const after = outcomes();
    assert.equal(broken.code, 1, "the certificate fails");
    assert.deepEqual(new Set(after.found), new Set(["different"]));
    assert.notEqual(after.arithmetic, before.arithmetic, "the arithmetic has another name");
    assert.match(broken.output, /different: arithmetic; changed since [0-9a-f]+: \S*loops-adam\.inc/);
    assert.match((await iopfl(...run)).output, /of 3 no longer hold/);
    // Nothing is reused under a name that other bytes have: all are computed, and none is equal to the released.
    assert.match((await iopfl(...run, "--fresh")).output, /3 jobs computed, 0 reused/);
    assert.match((await iopfl("compare", "small")).output, /0 of 3 records are equal in every number/);
    console.log("1 passed, 0 failed");
  } finally {
    bench.remove();
    checkout.remove();
  }
}

main().catch((error) => {
  console.error(describeError(error));
  process.exitCode = 1;
});
