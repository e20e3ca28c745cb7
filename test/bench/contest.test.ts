import assert from "node:assert";
import { test } from "node:test";
import { contest } from "../../lib/bench/contest";
import { startChild } from "../../lib/bench/child-side";
import type { Side } from "../../lib/bench/side";

/** A side that writes down when it is asked, and takes the milliseconds it is told. */
function recorded(id: string, asked: string[], fails = false): { side: Side; killed: () => boolean } {
  let killed = false;
  const side: Side = {
    id,
    label: id,
    reference: false,
    start: async () => ({
      facts: { version: id, device: "none", threads: 1, check: [] },
      async repeat(samples) {
        if (fails) throw new Error("broken");
        asked.push(id);
        return { seconds: Array.from({ length: samples }, () => 1), cpuSeconds: 1 };
      },
      end: async () => ({ peakMegabytes: 7 }),
      kill: () => void (killed = true),
    }),
  };
  return { side, killed: () => killed };
}

const signal = new AbortController().signal;

test("sides take turns", async () => {
  const asked: string[] = [];
  const sides = ["a", "b", "c"].map((id) => recorded(id, asked).side);
  let turns = 0;
  const entrants = await contest(sides, { repetitions: 3, samples: 2, signal, onRepetition: () => turns++ });
  assert.deepStrictEqual(asked, ["a", "b", "c", "a", "b", "c", "a", "b", "c"]);
  assert.strictEqual(turns, 9);
  assert.deepStrictEqual(
    entrants.map(({ repetitions, peakMegabytes }) => [
      repetitions.length,
      repetitions[0].seconds.length,
      peakMegabytes,
    ]),
    [
      [3, 2, 7],
      [3, 2, 7],
      [3, 2, 7],
    ],
  );
});

test("when one side fails, all are ended", async () => {
  const [good, bad] = [recorded("good", []), recorded("bad", [], true)];
  await assert.rejects(
    contest([good.side, bad.side], { repetitions: 1, samples: 1, signal, onRepetition: () => undefined }),
    /broken/,
  );
  assert.ok(good.killed() && bad.killed());
});

test("a process that dies is reported with its last words", async () => {
  const dying =
    'console.log(JSON.stringify({ version: "", device: "", threads: 1, check: [] })); process.stdin.once("data", () => { console.error("out of luck"); process.exit(3); });';
  const runner = await startChild({ program: process.execPath, args: ["-e", dying] }, signal);
  await assert.rejects(runner.repeat(1), /ended too early \(exit code 3\): out of luck/);
});

test("an aborted benchmark ends its processes and says so", async () => {
  const controller = new AbortController();
  const waiting =
    'console.log(JSON.stringify({ version: "", device: "", threads: 1, check: [] })); process.stdin.resume();';
  const runner = await startChild({ program: process.execPath, args: ["-e", waiting] }, controller.signal);
  const answer = runner.repeat(1);
  controller.abort();
  await assert.rejects(answer, /interrupted/);
});
