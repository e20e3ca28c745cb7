import assert from "node:assert/strict";
import { after, before, test, type TestContext } from "node:test";
import * as tf from "@tensorflow/tfjs-core";
import { prepareTask } from "../../lib/bench/prepare";
import { plainTask, type Task } from "../../lib/bench/task";
import { runProgram, type ProgramBody } from "../../lib/engine";
import { mostPrograms } from "../../lib/engine/kernels/kept-programs";
import { programRecorders } from "../../lib/engine/program-recorders";
import { countCardWork, type CardWork } from "../bench/count-card-work";
import { absentCard, removeCard, startCard } from "./card";
import { leavingNoTensorsAsync, pattern } from "./engines";

/** Recorded programs on WebGPU: the same bytes as step by step, in one submission. Needs what webgpu-kernels.test.ts needs. */
before(startCard);
after(removeCard);

function onCard(title: string, body: (context: TestContext) => Promise<void>): void {
  test(`webgpu: ${title}`, async (context) =>
    absentCard() ? context.skip(absentCard()) : leavingNoTensorsAsync(() => body(context)));
}

/** What a body computes, read and disposed of. */
async function values(tensors: readonly tf.Tensor[]): Promise<number[][]> {
  const read = await Promise.all(tensors.map(async (each) => [...(await each.data())]));
  tf.dispose([...tensors]);
  return read;
}

/** Three runs of a program on different inputs give what the body gives without one. */
async function assertSame(key: string, body: ProgramBody, inputs: (run: number) => tf.Tensor[]): Promise<void> {
  let ran = 0;
  const counted: ProgramBody = (given) => (ran++, body(given));
  for (const run of [0, 1, 2]) {
    const given = inputs(run);
    const expected = await values(tf.tidy(() => body(given)));
    assert.deepEqual(await values(runProgram(key, counted, given)), expected, `run ${run}`);
    tf.dispose(given);
  }
  assert.equal(ran, 1, "the body is recorded once");
}

onCard("a program computes what its body computes, for inputs from the host and from the card", async () => {
  const body = ([x, factor]: readonly tf.Tensor[]) => {
    const y = tf.add(tf.mul(x, factor), tf.tensor1d(pattern(2000, 3)));
    return [tf.relu(y), tf.sum(tf.square(tf.sub(y, 1))), tf.slice(y as tf.Tensor1D, 5, 3)];
  };
  await assertSame("host", body, (run) => [tf.tensor1d(pattern(2000, run)), tf.scalar(run + 0.5)]);
  await assertSame("card", body, (run) => [
    tf.tidy(() => tf.sqrt(tf.abs(tf.tensor1d(pattern(2000, run))))),
    tf.scalar(run),
  ]);
});

onCard("inputs, constants and results that are handed out twice are new tensors", async () => {
  const body = ([x, y]: readonly tf.Tensor[]) => {
    const sum = tf.add(x, y);
    return [tf.clone(x), sum, tf.reshape(sum, [2, 2]), tf.scalar(7), tf.cast(tf.greater(x, y), "int32")];
  };
  await assertSame("again", body, (run) => [
    tf.tensor1d(pattern(4, run)),
    tf.tidy(() => tf.neg(tf.tensor1d(pattern(4, 9)))),
  ]);
});

onCard("a larger program may take the room of a smaller one, which then goes on", async () => {
  const chain = ([x]: readonly tf.Tensor[]) => [tf.sum(tf.exp(tf.sin(tf.mul(x, 2))))];
  const sizes = [1200, 5000, 1200, 9000, 5000];
  for (const [index, size] of sizes.entries()) {
    const x = tf.tensor1d(pattern(size, index));
    const expected = await values(tf.tidy(() => chain([x])));
    assert.deepEqual(await values(runProgram("chain", chain, [x])), expected, `${size} numbers`);
    x.dispose();
  }
});

onCard("a body that reads a value runs step by step, as does one inside a program", async () => {
  const x = tf.tensor1d(pattern(4));
  const host = tf.tidy(() => tf.neg(x));
  const reading = () => [tf.add(host, 1)]; // host is no input
  assert.deepEqual(await values(runProgram("captured", reading, [])), await values(tf.tidy(reading)));
  const outer = ([y]: readonly tf.Tensor[]) => runProgram("inner", ([z]) => [tf.mul(z, 3)], [tf.add(y, 1)]);
  assert.deepEqual(await values(runProgram("outer", outer, [x])), await values(tf.tidy(() => outer([x]))));
  tf.dispose([x, host]);
});

onCard("of recorded programs the one that was not run for longest goes", async () => {
  const times = new Map<number, number>();
  const run = async (n: number) => {
    const one = tf.tensor1d(pattern(3));
    const body = ([x]: readonly tf.Tensor[]) => (times.set(n, (times.get(n) ?? 0) + 1), [tf.add(x, n)]);
    const results = runProgram(`kept ${n}`, body, [one]);
    tf.dispose([one, ...results]);
  };
  for (let n = 0; n <= mostPrograms; n++) await run(n);
  await run(mostPrograms);
  await run(0);
  assert.equal(times.get(0), 2);
  assert.equal(times.get(mostPrograms), 1);
});

/** With channels that come in fours, as our convolutions want them. */
const small: Task = { ...plainTask, side: 16, features: 4, batch: 2 };

/** At most, of a step that was taken before. One that has to be raised is a step that became slower. */
const limits: Readonly<Record<"training" | "inference" | "routing", Partial<CardWork>>> = {
  training: {
    submissions: 2,
    dispatches: 552,
    pipelines: 0,
    bindings: 68,
    buffers: 0,
    bytesIn: 8,
    bytesOut: 4,
    bytesCopied: 0,
  },
  inference: { submissions: 2, dispatches: 45, pipelines: 0, bindings: 2, buffers: 0, bytesIn: 3992, bytesOut: 4 },
  // Six experts.
  routing: { submissions: 5, dispatches: 4216, pipelines: 0 },
};

for (const [task, limit] of Object.entries(limits) as [keyof typeof limits, Partial<CardWork>][]) {
  test(`webgpu: a step of ${task} is what it is step by step, in few calls, and leaves nothing`, async (context) => {
    if (absentCard()) return context.skip(absentCard());
    const record = programRecorders.get("webgpu");
    const recorded = prepareTask({ ...small, engine: "webgpu", task });
    const losses: number[] = [];
    const step = async () => void losses.push(await recorded.once());
    // A software card takes its time for routing.
    for (let run = 0; run < (task === "routing" ? 1 : 2); run++) await step();
    const { numTensors } = tf.memory();
    const work = await countCardWork(step);
    assert.equal(tf.memory().numTensors, numTensors);
    context.diagnostic(JSON.stringify(work));
    for (const [name, most] of Object.entries(limit))
      assert.ok(work[name as keyof CardWork] <= most, `${name}: ${work[name as keyof CardWork]}, at most ${most}`);
    assert.ok(work.dispatches > 0, "nothing was counted");

    programRecorders.delete("webgpu");
    try {
      const stepwise = prepareTask({ ...small, engine: "webgpu", task });
      for (const loss of losses) assert.equal(await stepwise.once(), loss);
    } finally {
      if (record) programRecorders.set("webgpu", record);
    }
  });
}
