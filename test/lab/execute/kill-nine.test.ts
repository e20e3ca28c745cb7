import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { createRandom } from "../../../lib/core/random";
import { childrenOf } from "../../notebook/processes";
import { command, createBench } from "../support/small-experiment";

/** IOPFL_LONG_TESTS=1 asks for the long form. */
const kills = process.env.IOPFL_LONG_TESTS === "1" ? 60 : 5;
const args = ["run", "inside", "--profile", "small", "--engine", "wasm", "--workers", "2"];
const [calm, killed, shared] = [
  createBench(),
  createBench(),
  createBench({ NODE_OPTIONS: `--require ${join(__dirname, "../support/jumping-clock.cjs")}` }),
];
const benches = [calm, killed, shared];
after(() => benches.forEach((bench) => bench.remove()));

before(async () => {
  const { code, output } = await calm.iopfl(args);
  assert.equal(code, 0, output);
});

test(
  `kill -9 of ${kills} runs, of the command, of a worker or of all: always the identical bytes`,
  { skip: process.platform !== "linux" && "needs /proc" },
  async () => {
    const random = createRandom("kill -9");
    for (let done = 0; done < kills;) {
      const child = spawn(process.execPath, [command, ...args], { env: killed.env, stdio: "ignore", detached: true });
      const ended = new Promise((resolve) => child.once("exit", resolve));
      const root = child.pid as number;
      // Only once workers are at work: the moments before write nothing.
      while (childrenOf(root).length === 0 && child.exitCode === null) await sleep(20);
      await sleep(random.uniform(0, 4000));
      if (child.exitCode !== null) {
        assert.equal(child.exitCode, 0);
        assert.deepEqual(killed.records("inside"), calm.records("inside"), `after ${done} kills`);
        rmSync(killed.results, { recursive: true, force: true });
        continue;
      }
      const workers = childrenOf(root);
      const victims = [[root], workers.slice(0, 1), [root, ...workers]][done % 3];
      for (const pid of victims) if (existsSync(`/proc/${pid}`)) process.kill(pid, "SIGKILL");
      await ended; // a killed worker's jobs are tried again: that command goes on to its end
      done++;
    }
    const last = await killed.iopfl(args);
    assert.equal(last.code, 0, last.output);
    assert.deepEqual(killed.records("inside"), calm.records("inside"));
    assert.deepEqual(readdirSync(join(killed.work, "leases")), []);
    assert.deepEqual(readdirSync(join(killed.work, "checkpoints")), []);
  },
);

test("two commands at once, on clocks that jump by years, share the jobs: none lost, none done twice, the same bytes", async () => {
  const outputs = await Promise.all([shared.iopfl(args), shared.iopfl(args)]);
  let computed = 0;
  for (const { code, output } of outputs) {
    assert.equal(code, 0, output);
    computed += Number(output.match(/ (\d+) jobs computed/)?.[1]);
  }
  assert.equal(computed, 3, outputs.map(({ output }) => output).join("\n"));
  assert.deepEqual(shared.records("inside"), calm.records("inside"));
});
