import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { createRandom } from "../../../lib/core/random";
import { childrenOf, commandOf } from "../../notebook/processes";
import { comesTrue } from "../../support/patience";
import { command, createBench, type Bench } from "../support/small-experiment";

const args = ["run", "inside", "--profile", "small", "--engine", "wasm", "--only", "method=iop-fl", "--workers"];
const random = createRandom("helped run");
const [alone, helped, killed] = Array.from({ length: 3 }, longBench);
after(() => [alone, helped, killed].forEach((bench) => bench.remove()));

/** One federation that is long enough for a helper, which is started at once. */
function longBench(): Bench {
  const bench = createBench({ IOPFL_HELP_AFTER: "0" });
  const path = join(bench.configs, "profiles", "small.yaml");
  writeFileSync(path, readFileSync(path, "utf8").replace("rounds: 3", "rounds: 50"));
  mkdirSync(bench.work, { recursive: true });
  bench.env.TMPDIR = bench.work;
  return bench;
}

const exchanges = ({ work }: Bench) => readdirSync(work).filter((name) => name.startsWith("iop-fl-helpers-"));

/** Starts the command and waits until there is a helper. */
async function startHelped(bench: Bench) {
  const child = spawn(process.execPath, [command, ...args, "2"], { env: bench.env, stdio: "ignore", detached: true });
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const root = child.pid as number;
  for (;;) {
    while (childrenOf(root).flatMap(helpersOf).length === 0 && child.exitCode === null) await sleep(10);
    await sleep(random.uniform(0, 250)); // the second strike needs rounds that are left
    assert.equal(child.exitCode, null, "there was no helper");
    // What is still there after that is a helper, and not Git in the moment before it became Git.
    const worker = childrenOf(root).find((each) => helpersOf(each).length > 0);
    if (worker !== undefined) return { root, worker, helpers: helpersOf(worker), ended };
  }
}

/** Its children that run jobs; one that was only just forked, to ask Git which commit this is, still has its parent's command. */
const helpersOf = (worker: number) => childrenOf(worker).filter((each) => commandOf(each).includes("worker.ts"));

test(
  "idle workers help a running federation, through Ctrl-C and kill -9 of everybody in turn: the same bytes, and nobody stays behind",
  { skip: process.platform !== "linux" && "needs /proc" },
  async () => {
    const one = await alone.iopfl([...args, "1"]);
    assert.equal(one.code, 0, one.output);
    // Of each pair the first ends the command, and the second strikes when it goes on: that command comes to its end.
    for (const strikes of [
      ["ctrl-c", "worker"],
      ["command", "helper"],
    ] as const) {
      for (const strike of strikes) await struck(strike);
      const rest = await killed.iopfl([...args, "1"]);
      assert.equal(rest.code, 0, rest.output);
      assert.match(rest.output, / 0 jobs computed, /);
      assert.deepEqual(killed.records("inside"), alone.records("inside"), strikes.join(", "));
      rmSync(killed.results, { recursive: true });
    }
  },
);

/** Strikes while a helper is at work; nobody stays behind. */
async function struck(strike: "ctrl-c" | "worker" | "command" | "helper"): Promise<void> {
  const { root, worker, helpers, ended } = await startHelped(killed);
  assert.equal(helpers.length, 1);
  if (strike === "ctrl-c") process.kill(-root, "SIGINT");
  else process.kill({ worker, helper: helpers[0], command: root }[strike], "SIGKILL");
  assert.equal(await ended, { "ctrl-c": 130, worker: 0, helper: 0, command: null }[strike], strike);
  const gone = (): boolean => ![worker, ...helpers].some((pid) => existsSync(`/proc/${pid}`));
  assert.ok(await comesTrue(gone, 5), `${strike}: a process stayed`);
  assert.deepEqual(exchanges(killed), [], strike);
}

test("undisturbed, a helped run gives the same bytes", async () => {
  const two = await helped.iopfl([...args, "2"]);
  assert.equal(two.code, 0, two.output);
  assert.deepEqual(helped.records("inside"), alone.records("inside"));
});
