import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { startKernelClient, type KernelClient } from "../../lib/notebook/runner/kernel-client";
import type { Message } from "../../lib/notebook/wire";
import { createBench } from "../lab/support/small-experiment";
import { runCell } from "./cells";
import { temporaryFolder } from "./make-notebook";
import { comesTrue, patience } from "../support/patience";
import { childrenOf, parentOf } from "./processes";
import { growth, soak } from "./soak";

const bench = createBench();
const folder = temporaryFolder();
// Many: on WebAssembly the small experiment takes milliseconds a round.
const rounds = 64;
const environment = {
  IOPFL_CONFIGS: bench.configs,
  IOPFL_RESULTS: bench.results,
  IOPFL_WORK: join(bench.configs, "..", "work"),
};
let kernel: KernelClient;

before(async () => {
  const small = readFileSync(join(bench.configs, "profiles", "small.yaml"), "utf8");
  writeFileSync(
    join(bench.configs, "profiles", "longer.yaml"),
    small.replace("id: small", "id: longer").replace("rounds: 3", `rounds: ${rounds}`),
  );
  kernel = await startKernelClient(folder.path, environment);
});
after(async () => {
  await kernel.close();
  folder.remove();
  bench.remove();
});

/** Child processes are read from /proc. */
const skip = process.platform !== "linux" && "counts processes as Linux shows them";

const training =
  'const result = await experiment("inside", { profile: "longer", engine: "wasm", workers: 2 });\nresult.federations.length';
const statusOf = ({ content }: Message): string | undefined => {
  const text = (content.data as Record<string, string> | undefined)?.["text/plain"];
  return text?.startsWith("inside: ") && text.includes("%") ? text : undefined;
};
/** The points of the last figure that was shown. */
function lastCurves(messages: readonly Message[]): { site: string; job: string; round: number }[] {
  const figures = messages.filter(
    ({ content }) => (content.data as object | undefined) && "image/png" in (content.data as object),
  );
  const data = figures[figures.length - 1].content.data as Record<
    string,
    { data: { values: { site: string; job: string; round: number }[] } }
  >;
  return data["application/vnd.vegalite.v5+json"].data.values;
}
const roundsIn = (status: string): number => Number(/(\d+) of \d+ rounds/.exec(status)?.[1] ?? 0);

test(
  "live training: curves per site that grow; stop keeps rounds and variables and leaves no process; the cell goes on when run again",
  { skip },
  async (context) => {
    await runCell(kernel, 'import { experiment } from "../../../lib/notebook"; const kept = 41;');
    const pid = Number((await runCell(kernel, "process.pid")).result);

    let pressed = 0;
    let workers = 0;
    let watched = "";
    const stopped = await runCell(kernel, training, (message) => {
      const status = statusOf(message);
      if (!status || roundsIn(status) < 2 || pressed > 0) return;
      watched = status; // a failed assertion here would be nobody's
      workers = childrenOf(pid).length;
      pressed = performance.now();
      kernel.interrupt();
    });
    const seconds = (performance.now() - pressed) / 1000;
    assert.ok(pressed > 0, `it trained: ${stopped.traceback} ${stopped.stdout}`);
    assert.equal(stopped.reply.ename, "Interrupted", stopped.traceback);
    assert.equal(workers, 2);
    assert.match(watched, /^inside: \d+ %, \d+ of \d+ rounds, [\d.]+ MB sent and received, .*■ stops$/);
    context.diagnostic(`stopped after ${seconds.toFixed(2)} s`);
    assert.ok(seconds < patience(3), `stopped after ${seconds} s`);
    assert.ok(await comesTrue(() => childrenOf(pid).length === 0, 3), "processes left behind");
    const last = stopped.messages.map(statusOf).filter((text): text is string => text !== undefined);
    assert.match(last[last.length - 1], /stopped after .*: finished rounds are kept, run the cell again to go on$/);

    assert.deepEqual([...new Set(lastCurves(stopped.messages).map(({ site }) => site))].sort(), ["BIDMC", "HK", "UCL"]);
    assert.equal((await runCell(kernel, "kept + 1")).result, "42");

    const again = await runCell(kernel, training);
    assert.equal(again.result, "3", again.traceback);
    // What was there before stop is part of it: every round of every federation, and every byte.
    const [first] = again.messages.map(statusOf).filter((text): text is string => text !== undefined);
    assert.ok(roundsIn(first) >= roundsIn(watched), `goes on where it was: ${first}`);
    const curves = lastCurves(again.messages).filter(({ site }) => site === "HK");
    for (const job of new Set(curves.map((each) => each.job)))
      assert.deepEqual(
        curves.filter((each) => each.job === job).map(({ round }) => round),
        Array.from({ length: rounds }, (_, index) => index + 1),
        job,
      );
    const bytes = await runCell(
      kernel,
      "result.federations.flatMap((each) => each.rounds.flatMap((round) => [...round.bytesUp, ...round.bytesDown])).reduce((a, b) => a + b, 0)",
    );
    const statuses = again.messages.map(statusOf).filter((text): text is string => text !== undefined);
    const megabytes = `${3 * rounds} of ${3 * rounds} rounds, ${(Number(bytes.result) / 1e6).toFixed(1)} MB`;
    assert.ok(statuses[statuses.length - 1].includes(megabytes), `${megabytes}: ${statuses[statuses.length - 1]}`);
    const { result, messages } = await runCell(kernel, training);
    assert.equal(result, "3");
    assert.ok(messages.some(({ content }) => JSON.stringify(content).includes("all 3 jobs reused")));
    assert.ok(!messages.some((message) => statusOf(message)), "nothing to watch when everything is there");
    context.diagnostic(`cell ended ${seconds.toFixed(2)} s after stop`);
  },
);

test(
  "outside: federations and adaptations in one line of text; a kernel that is killed takes its workers with it",
  { skip },
  async () => {
    const pid = Number((await runCell(kernel, "process.pid")).result);
    let killed: number[] = [];
    const dying = runCell(
      kernel,
      'await experiment("outside", { profile: "longer", engine: "wasm", workers: 2 })',
      (message) => {
        const text = (message.content.data as Record<string, string> | undefined)?.["text/plain"] ?? "";
        if (killed.length > 0 || !/^outside: \d+ %/.test(text)) return;
        killed = childrenOf(pid);
        process.kill(pid, "SIGKILL");
      },
    );
    await assert.rejects(dying, /the kernel died \(signal SIGKILL\)/);
    assert.equal(killed.length, 2);
    const left = () => killed.filter((worker) => parentOf(worker) !== undefined);
    assert.ok(await comesTrue(() => left().length === 0, 5), "workers of a dead kernel");
  },
);

test("memory stays flat while training (npm run soak: for half an hour)", { skip }, async (context) => {
  // Counted in rounds and not in seconds: on a busy machine most of a short time goes into starting the worker.
  const {
    rounds: trained,
    kernel: own,
    workers,
  } = growth(await soak(({ rounds: done }) => done >= 100, { workerHeap: 96 }));
  const grown = `kernel ${own.toFixed(1)} MB, workers ${workers.toFixed(1)} MB`;
  context.diagnostic(`${trained} rounds; least memory of the last quarter of them minus that of the second: ${grown}`);
  assert.ok(own < 40 && workers < 40, grown);
});
