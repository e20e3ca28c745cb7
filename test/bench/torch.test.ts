import assert from "node:assert";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { channels, routingRandom, writeInput } from "../../lib/bench/inputs";
import { prepareTask } from "../../lib/bench/prepare";
import { plainTask, type Task } from "../../lib/bench/task";
import { findTorch, startTorch, type Torch } from "../../lib/bench/torch";
import { probeTensorflow, startEngine } from "../../lib/engine";
import { channelsFirst } from "../../lib/nets/torch/torch-layout";
import { drawTurns } from "../../lib/nets/model/transforms";

const { torch, why } = findTorch();
const steps = 3;
const small: Task = { ...plainTask, batch: 2, side: 32, features: 2, warmUp: steps, dropout: 0 };

/** The ratios of the benchmark compare times of the same work only if both sides compute the same numbers. */
describe("PyTorch's side of the benchmark", { skip: torch ? false : why }, () => {
  const folder = mkdtempSync(join(tmpdir(), "iopfl-torch-"));
  after(() => rmSync(folder, { recursive: true, force: true }));

  const ownNumbers = async (task: Task): Promise<number[]> => {
    const engine = probeTensorflow().installed ? "tensorflow" : "wasm";
    await startEngine(engine);
    const prepared = prepareTask({ ...task, engine });
    const numbers: number[] = [];
    for (let step = 0; step < steps; step++) numbers.push(await prepared.once());
    return numbers;
  };
  const torchNumbers = async (task: Task, input?: string, channelsLast = false): Promise<readonly number[]> => {
    const runner = await startTorch(
      torch as Torch,
      task,
      { channelsLast, device: "cpu", tf32: false },
      new AbortController().signal,
      input,
    );
    await runner.end();
    return runner.facts.check;
  };
  const assertSame = (ours: readonly number[], theirs: readonly number[]): void => {
    assert.strictEqual(theirs.length, steps);
    ours.forEach((value, index) =>
      assert.ok(Math.abs(value - theirs[index]) <= 1e-4 * Math.abs(theirs[index]), `${ours} against ${theirs}`),
    );
  };

  for (const kind of ["training", "inference"] as const) {
    test(`${kind}: three steps give the same numbers, in both memory layouts`, async () => {
      const task: Task = { ...small, task: kind };
      const ours = await ownNumbers(task);
      if (kind === "training") assert.notStrictEqual(ours[0], ours[2], "training must move the loss");
      assertSame(ours, await torchNumbers(task));
      assertSame(ours, await torchNumbers(task, undefined, true));
    });
  }

  test("routing: three steps with the same noise and turns give the same objective", async () => {
    const task: Task = { ...small, task: "routing", experts: 4 };
    const { batch, side } = task;
    // The published reading draws the same augmentation in every step: drawn here once more, for PyTorch.
    const random = routingRandom().child("every step");
    const source = random.child("noise");
    const noise = Float32Array.from({ length: batch * side * side * channels }, () => source.normal(0, 0.5));
    const turns = drawTurns(batch, random.child("turns"));
    const input = join(folder, "routing.safetensors");
    writeInput(input, task, [
      [
        "noise",
        {
          type: "F32",
          shape: [batch, channels, side, side],
          data: channelsFirst(noise, [batch, side, side, channels]),
        },
      ],
      ["flips", { type: "I32", shape: [batch], data: Int32Array.from(turns, ({ flip }) => Number(flip)) }],
      ["quarters", { type: "I32", shape: [batch], data: Int32Array.from(turns, ({ quarters }) => quarters) }],
    ]);
    const ours = await ownNumbers(task);
    assertSame(ours, await torchNumbers(task, input));
  });
});
