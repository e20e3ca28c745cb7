import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { spawn } from "node:child_process";
import { probeTensorflow } from "../../../lib/engine";
import { command, createBench } from "../support/small-experiment";

const skip = !probeTensorflow().installed && "TensorFlow is not installed: npm run setup";
const [alone, together, killed] = [createBench(), createBench(), createBench()];
after(() => [alone, together, killed].forEach((bench) => bench.remove()));
const run = (workers: number) => [
  "run",
  "outside",
  "--profile",
  "small",
  "--engine",
  "tensorflow",
  "--workers",
  String(workers),
  "--only",
  "site=HK",
];

test(
  "on TensorFlow, too, a job gives the same bytes alone, beside others, and killed and resumed",
  { skip },
  async () => {
    const child = spawn(process.execPath, [command, ...run(2)], { env: killed.env, stdio: "ignore" });
    const ended = new Promise((resolve) => child.once("exit", resolve));
    const checkpoints = join(killed.work, "checkpoints");
    while (child.exitCode === null && !(existsSync(checkpoints) && readdirSync(checkpoints).length > 0))
      await sleep(20);
    child.kill("SIGKILL");
    await ended;
    for (const [bench, workers] of [
      [alone, 1],
      [together, 2],
      [killed, 2],
    ] as const) {
      const { code, output } = await bench.iopfl(run(workers));
      assert.equal(code, 0, output);
    }
    assert.equal(Object.keys(alone.records("outside")).length, 3);
    assert.deepEqual(together.records("outside"), alone.records("outside"));
    assert.deepEqual(killed.records("outside"), alone.records("outside"));
  },
);
