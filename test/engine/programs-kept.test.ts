import * as tf from "@tensorflow/tfjs-core";
import assert from "node:assert";
import { before, test } from "node:test";
import { probeTensorflow, runProgram, startEngine } from "../../lib/engine";
import { mostPrograms } from "../../lib/engine/kernels/kept-programs";
import { leavingNoTensors } from "./engines";

interface Binding {
  runProgram(name: string, inputs: readonly number[], outputs: number): unknown;
}

const skip = probeTensorflow().addon !== "compiled" && "the addon that is compiled here is not in place: npm run setup";
const times = new Map<number, number>();

/** Adds `n` to 1. The body runs when the program is recorded. */
function run(n: number): number {
  return leavingNoTensors(() =>
    tf.tidy(() => {
      const body = ([x]: readonly tf.Tensor[]) => {
        times.set(n, (times.get(n) ?? 0) + 1);
        return [tf.add(x, n)];
      };
      return runProgram(`add ${n}`, body, [tf.scalar(1)])[0].dataSync()[0];
    }),
  );
}

before(async () => {
  if (!skip) await startEngine("tensorflow");
});

test(
  "of recorded programs the one that was not run for longest goes, and comes back when it is asked for",
  { skip },
  () => {
    const all = Array.from({ length: mostPrograms }, (_, n) => n);
    for (const n of all) assert.strictEqual(run(n), n + 1);
    assert.strictEqual(run(0), 1);
    assert.strictEqual(run(mostPrograms), mostPrograms + 1);
    // Now 1 is the oldest, and went; 0 was run again.
    const { binding } = tf.backend() as unknown as { readonly binding: Binding };
    assert.throws(() => binding.runProgram("program_1", [], 1), /program_1/);
    assert.strictEqual(run(0), 1);
    assert.strictEqual(times.get(0), 1);
    assert.strictEqual(run(1), 2);
    assert.strictEqual(times.get(1), 2);
    assert.deepStrictEqual(
      [...times.values()].filter((count) => count > 1),
      [2],
    );
  },
);
