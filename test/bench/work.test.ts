import * as tf from "@tensorflow/tfjs-core";
import assert from "node:assert";
import { test } from "node:test";
import { countWork, type Work } from "./count-work";
import { prepareTask } from "../../lib/bench/prepare";
import { plainTask, type Task } from "../../lib/bench/task";
import { onEveryEngine } from "../engine/engines";

/**
 * A guard against slow code that does not depend on the machine: what a step asks of the engine, at most. Times are only reported, by
 * `npx iopfl bench`. A limit that is no longer reached is lowered; one that has to be raised is a step that became slower.
 */
const limits: Readonly<Record<string, Readonly<Partial<Record<Task["task"], Partial<Work>>>>>> = {
  tensorflow: {
    // Forward, backward and Adam are one program; the two factors of Adam go in, the loss comes out.
    training: { kernels: 0, calls: 12, operations: 0, programs: 1, recorded: 0, bytesIn: 8, bytesOut: 4 },
    // Three of the operations are the benchmark's own: the mean size of the logits.
    inference: { calls: 11, operations: 3, programs: 1, recorded: 0, bytesIn: 16, bytesOut: 4 },
    // The step and the prediction after it; noise, turns and dropout go in.
    routing: { calls: 37, operations: 3, programs: 2, recorded: 0, bytesIn: 26_072, bytesOut: 220 },
    // Two clients with a batch each, two models of each evaluated twice.
    round: { calls: 1764, operations: 14, programs: 12, recorded: 0, bytesIn: 1_326_864, bytesOut: 265_376 },
  },
  wasm: {
    training: { kernels: 505, tensors: 894, tensorBytes: 3_487_108 },
    inference: { kernels: 56, tensors: 56, tensorBytes: 107_396 },
    // 14 of the kernels turn images round for the shape term, which saves TensorFlow a tenth of the step and costs nothing to speak of here.
    routing: { kernels: 6194, tensors: 9129, tensorBytes: 15_062_204 },
  },
};
/** Operations that are written down once, when the first step of its kind is taken. */
const recordedLimits = { training: 209, inference: 67, routing: 1457 } as const;

const small: Task = {
  ...plainTask,
  side: 16,
  features: 2,
  batch: 2,
  clients: 2,
  train: 4,
  validation: 2,
  test: 2,
  experts: 3,
};

onEveryEngine("what a step asks of the engine", ["tensorflow", "wasm"], (engine) => {
  for (const [task, limit] of Object.entries(limits[engine])) {
    test(`${task} keeps its limits, and is the same every time`, async () => {
      const prepared = prepareTask({ ...small, engine, task: task as Task["task"] });
      const first = await countWork(prepared.once);
      const [second, third] = [await countWork(prepared.once), await countWork(prepared.once)];
      assert.deepStrictEqual(third, second);
      for (const [name, most] of Object.entries(limit))
        assert.ok(second[name as keyof Work] <= most, `${name}: ${second[name as keyof Work]}, at most ${most}`);
      const asked = engine === "tensorflow" ? second.programs + second.operations : second.kernels;
      assert.ok(asked > 0, "nothing was counted");
      if (engine === "tensorflow" && task in recordedLimits) {
        const most = recordedLimits[task as keyof typeof recordedLimits];
        assert.ok(
          first.recorded > 0 && first.recorded <= most,
          `${first.recorded} operations were recorded, at most ${most}`,
        );
      }
    });
  }

  test("live tensors stay as many over ten steps", async () => {
    for (const task of ["training", "inference", "routing", "round"] as const) {
      const prepared = prepareTask({ ...small, engine, task });
      await prepared.once();
      const { numTensors, numBytes } = tf.memory();
      for (let step = 0; step < 10; step++) await prepared.once();
      assert.deepStrictEqual([tf.memory().numTensors, tf.memory().numBytes], [numTensors, numBytes], task);
    }
  });
});
