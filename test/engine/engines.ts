import * as tf from "@tensorflow/tfjs-core";
import assert from "node:assert";
import { before, describe } from "node:test";
import { probeTensorflow, startEngine, type EngineName } from "../../lib/engine";

/**
 * Runs the same tests on every engine of this machine; the one that is not installed is reported as skipped, with the reason. Where other
 * instructions are asked for than the processor's widest, only the engine that knows them is worth a second run.
 */
export function onEveryEngine(title: string, names: readonly EngineName[], body: (name: EngineName) => void): void {
  const knowing = process.env.IOPFL_VECTORS ? names.filter((name) => name === "tensorflow") : names;
  for (const name of knowing) {
    const skip =
      name === "tensorflow" && !probeTensorflow().installed ? "TensorFlow is not installed: npm run setup" : false;
    describe(`${title} on ${name}`, { skip }, () => {
      before(async () => {
        await startEngine(name);
      });
      body(name);
    });
  }
}

/** Runs `body` and asserts that it leaves no tensor behind. */
export function leavingNoTensors<Result>(body: () => Result): Result {
  const start = tf.memory().numTensors;
  const result = body();
  assert.strictEqual(tf.memory().numTensors, start, "tensors were left behind");
  return result;
}

/** As `leavingNoTensors`, for what reads its results asynchronously. */
export async function leavingNoTensorsAsync<Result>(body: () => Promise<Result>): Promise<Result> {
  const start = tf.memory().numTensors;
  const result = await body();
  assert.strictEqual(tf.memory().numTensors, start, "tensors were left behind");
  return result;
}

/** Repeatable numbers in (-1, 1) without a pattern that a wrong index could hide behind. */
export function pattern(count: number, seed = 1): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => Math.sin(seed * 12.9898 + i * 78.233 + ((i * i) % 97) * 0.37));
}

/** Asserts that two arrays agree within `tolerance` times the largest wanted magnitude. */
export function assertClose(
  got: ArrayLike<number>,
  want: ArrayLike<number>,
  tolerance: number,
  label = "values",
): void {
  assert.strictEqual(got.length, want.length, `${label}: length`);
  const scale = Array.from(want).reduce((largest, value) => Math.max(largest, Math.abs(value)), 1e-6);
  for (let i = 0; i < want.length; i++) {
    assert.ok(Math.abs(got[i] - want[i]) <= tolerance * scale, `${label}[${i}]: got ${got[i]}, want ${want[i]}`);
  }
}

/**
 * Compares the gradient of `sum(weights * f(inputs))` in each input with central differences of the engine's own forward pass.
 * @param step small enough not to cross a kink of `f`, large enough for float32
 */
export function assertGradients(
  f: (...inputs: tf.Tensor[]) => tf.Tensor,
  inputs: readonly tf.Tensor[],
  step: number,
  tolerance: number,
): void {
  leavingNoTensors(() =>
    tf.tidy(() => {
      const output = f(...inputs);
      const weightValues = pattern(output.size, 7);
      const weights = tf.tensor(weightValues, output.shape);
      const objective = (...values: tf.Tensor[]): tf.Scalar => tf.sum(tf.mul(f(...values), weights));
      const gradients = tf.grads(objective)([...inputs]);
      inputs.forEach((input, index) => {
        const values = input.dataSync().slice();
        const numerical = values.map((value, i) => {
          const at = (moved: number) =>
            tf.tidy(() => {
              const changed = Float32Array.from(values);
              changed[i] = moved;
              const all = inputs.map((other, j) => (j === index ? tf.tensor(changed, input.shape) : other));
              // Summed here in float64, so that the difference is not lost in the engine's rounding.
              return (f(...all).dataSync() as Float32Array).reduce((sum, y, k) => sum + y * weightValues[k], 0);
            });
          return (at(value + step) - at(value - step)) / (2 * step);
        });
        assertClose(gradients[index].dataSync(), numerical, tolerance, `gradient in input ${index}`);
      });
    }),
  );
}
