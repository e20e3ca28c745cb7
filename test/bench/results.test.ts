import assert from "node:assert";
import { test } from "node:test";
import type { BenchCase } from "../../lib/bench/cases";
import type { Entrant } from "../../lib/bench/contest";
import { hardwareName } from "../../lib/bench/hardware";
import { benchResultSchema, summarise } from "../../lib/bench/results";
import { benchMarkdown, benchText } from "../../lib/bench/table";

const config = {
  task: "training",
  batch: 1,
  side: 16,
  features: 1,
  threads: [1],
  samples: 2,
  warmUp: 2,
  tooSlowFor: [],
  target: { engine: "tensorflow", ratio: 0.5, peakMegabytes: 100 },
} as const;

function entrant(
  id: string,
  seconds: readonly (readonly number[])[],
  check: readonly number[],
  reference: boolean,
): Entrant {
  const side = { id, label: id, reference, start: () => Promise.reject(new Error("not started")) };
  return {
    side,
    facts: { version: "1", device: "CPU", threads: 1, check },
    repetitions: seconds.map((each) => ({ seconds: each, cpuSeconds: 0.5 })),
    peakMegabytes: 90,
  };
}

const each = (comparable = true) =>
  ({ id: "training", config, sides: [], expectedSeconds: 1, comparable }) as unknown as BenchCase;
// Medians by hand: 2, 3, 4, 100 ms -> 3.5; 10, 10, 10, 14 ms -> 10.
const pair = [
  entrant(
    "ours",
    [
      [0.002, 0.004],
      [0.003, 0.1],
    ],
    [1, 2],
    false,
  ),
  entrant(
    "torch",
    [
      [0.01, 0.01],
      [0.01, 0.014],
    ],
    [1, 2.0004],
    true,
  ),
];

test("medians over all repetitions, and their ratio; one bad sample does not move them", () => {
  const result = summarise(each(), pair, [0, 1]);
  const [ours, torch] = result.sides;
  assert.strictEqual(ours.median, 3.5);
  assert.strictEqual(ours.smallest, 2);
  assert.strictEqual(ours.cpu, 250);
  assert.strictEqual(torch.median, 10);
  assert.strictEqual(ours.ratio, 0.35);
  assert.strictEqual(torch.ratio, null);
  assert.ok(result.difference !== null && Math.abs(result.difference - 0.0002) < 1e-12);
});

test("without PyTorch there is no ratio, and the table says so", () => {
  const result = summarise(each(), [pair[0]], [0, 1]);
  assert.strictEqual(result.sides[0].ratio, null);
  assert.strictEqual(result.difference, null);
  assert.match(benchText({ cases: [result] }), /no torch/);
});

test("the table tells targets that are met, missed ones, and work that is not the same", () => {
  const met = benchText({ cases: [summarise(each(), pair, [0, 1])] });
  assert.match(met, /0\.35\s+0\.5, met; 100 MB, met; DIFFERENT WORK/);
  const slow = [entrant("ours", [[0.02]], [1], false), entrant("torch", [[0.01]], [1], true)];
  assert.match(benchText({ cases: [summarise(each(), slow, [0, 1])] }), /2\.00\s+0\.5, MISSED; 100 MB, met\n/);
  const within = (milliseconds: number) =>
    ({ ...each(), config: { ...config, target: { engine: "wasm", milliseconds } } }) as unknown as BenchCase;
  assert.match(benchText({ cases: [summarise(within(20), slow, [0, 1])] }), /20 ms, met\n/);
  assert.match(benchText({ cases: [summarise(within(19), slow, [0, 1])] }), /19 ms, MISSED\n/);
});

test("results are valid, and name neither host nor path", () => {
  const hardware = {
    processor: "Some(R) CPU @ 2.0GHz",
    cores: 2,
    memoryGigabytes: 8,
    platform: "linux-x64",
    node: "v20",
  };
  const result = {
    schema: 1,
    profile: "standard",
    engine: "tensorflow",
    finished: "2026-01-01T00:00:00.000Z",
    commit: "abc",
    hardware,
    torch: "2.0",
    repetitions: 2,
    cases: [summarise(each(), pair, [0, 1])],
    failed: [],
  } as const;
  const checked = benchResultSchema.parse(JSON.parse(JSON.stringify(result)));
  assert.match(benchMarkdown(checked), /Some\(R\) CPU @ 2\.0GHz, 2 cores, 8 GB/);
  assert.strictEqual(hardwareName(hardware), "some-2-cores");
});
