import * as tf from "@tensorflow/tfjs-core";
import assert from "node:assert";
import { test } from "node:test";
import { batchNormTrain } from "../../lib/engine";
import { loadLibrary } from "../../lib/engine/kernels/wasm/library";
import { moduleBytes } from "../../lib/engine/kernels/wasm/module-bytes";
import { buildWasmKernels } from "./build-wasm-kernels";
import { assertClose, leavingNoTensors, onEveryEngine, pattern } from "./engines";

const tensor = (shape: number[], seed = 1): tf.Tensor => tf.tensor(pattern(tf.util.sizeFromShape(shape), seed), shape);

test("the committed WebAssembly is what the sources give", () => {
  assert.ok(buildWasmKernels().equals(Buffer.from(moduleBytes, "base64")), "npm run build:kernels");
});

test("the WebAssembly brings no memory and no data that would be written into the engine's", () => {
  const module = Buffer.from(moduleBytes, "base64");
  const sections: number[] = [];
  for (let at = 8; at < module.length;) {
    sections.push(module[at++]);
    let size = 0;
    for (let shift = 0, more = true; more; shift += 7, at++) {
      size |= (module[at] & 127) << shift;
      more = module[at] >= 128;
    }
    at += size;
  }
  // Types, imports, functions, exports and code; 4 to 6 would be tables, memories and globals, 8 a start function, 11 data.
  assert.deepStrictEqual(sections, [1, 2, 3, 7, 10]);
});

test("a back end that hides its memory is named in one line", () => {
  assert.throws(() => loadLibrary({ wasm: { asm: {} } }), /the WebAssembly engine does not show its memory; install/);
});

onEveryEngine("kernels in WebAssembly", ["wasm"], () => {
  for (const channels of [1, 2, 3, 5, 8, 16, 33]) {
    test(`batch normalisation of ${channels} channels and its gradients: as loops in float64`, () => {
      leavingNoTensors(() =>
        tf.tidy(() => {
          const [pixels, epsilon] = [2 * 3 * 5, 1e-3];
          const inputs = [tensor([2, 3, 5, channels]), tensor([channels], 2), tensor([channels], 3)];
          const [x, scale, offset] = inputs.map((input) => input.dataSync<"float32">());
          const upstream = tensor([2, 3, 5, channels], 4);
          const dy = upstream.dataSync<"float32">();
          const mean = average(x, channels);
          const variance = average(
            x.map((value, i) => (value - mean[i % channels]) ** 2),
            channels,
          );
          const normalised = Array.from(
            x,
            (value, i) => (value - mean[i % channels]) / Math.sqrt(variance[i % channels] + epsilon),
          );
          const dOffset = average(dy, channels);
          const dScale = average(
            dy.map((value, i) => value * normalised[i]),
            channels,
          );
          const dx = Array.from(dy, (value, i) => {
            const c = i % channels;
            return ((value - dOffset[c] - normalised[i] * dScale[c]) * scale[c]) / Math.sqrt(variance[c] + epsilon);
          });

          const run = (...given: tf.Tensor[]) =>
            batchNormTrain(given[0] as tf.Tensor4D, given[1] as tf.Tensor1D, given[2] as tf.Tensor1D, epsilon);
          const result = run(...inputs);
          assertClose(
            result.y.dataSync(),
            normalised.map((value, i) => value * scale[i % channels] + offset[i % channels]),
            1e-6,
            "y",
          );
          assertClose(result.mean.dataSync(), mean, 1e-6, "mean");
          assertClose(
            result.variance.dataSync(),
            variance.map((value) => (value * pixels) / (pixels - 1)),
            1e-6,
            "variance",
          );
          const gradients = tf.grads((...given) => run(...given).y)(inputs, upstream);
          assertClose(gradients[0].dataSync(), dx, 1e-5, "dx");
          assertClose(
            gradients[1].dataSync(),
            dScale.map((value) => value * pixels),
            1e-5,
            "dScale",
          );
          assertClose(
            gradients[2].dataSync(),
            dOffset.map((value) => value * pixels),
            1e-5,
            "dOffset",
          );
        }),
      );
    });
  }

  for (const [rows, length, columns] of [
    [1, 1, 1],
    [3, 15, 2],
    [2, 16, 5],
    [5, 17, 3],
    [5, 1100, 4],
    [33, 64, 8],
  ]) {
    test(`the product of ${rows}x${length} with the transpose of ${columns}x${length}`, () => {
      leavingNoTensors(() =>
        tf.tidy(() => {
          const [a, b] = [tensor([rows, length]), tensor([columns, length], 2)] as tf.Tensor2D[];
          const [left, right] = [a.dataSync(), b.dataSync()];
          const want = Array.from({ length: rows * columns }, (_, i) => {
            const [row, column] = [Math.floor(i / columns) * length, (i % columns) * length];
            return Array.from({ length }, (_, k) => left[row + k] * right[column + k]).reduce(
              (sum, product) => sum + product,
              0,
            );
          });
          const product = tf.matMul(a, b, false, true);
          assert.deepStrictEqual(product.shape, [rows, columns]);
          assertClose(product.dataSync(), want, 1e-6);
        }),
      );
    });
  }

  test("other products are left to the back end", () => {
    leavingNoTensors(() =>
      tf.tidy(() => {
        const [a, b] = [tensor([2, 3, 4]), tensor([2, 5, 4], 2)];
        assertClose(tf.matMul(a, b, false, true).dataSync(), tf.matMul(a, tf.transpose(b, [0, 2, 1])).dataSync(), 1e-6);
        assert.throws(() => tf.matMul(tensor([2, 3]), tensor([2, 4]), false, true));
      }),
    );
  });

  for (const type of ["float32", "int32", "bool"] as const) {
    test(`tensors of ${type} are cut and joined along every axis`, () => {
      leavingNoTensors(() =>
        tf.tidy(() => {
          const shape = [9, 9, 9, 2];
          const x = tf.tensor(
            Array.from({ length: 9 * 9 * 9 * 2 }, (_, i) => (type === "bool" ? (i * i) % 3 : i)),
            shape,
            type,
          );
          for (const axis of [0, 1, 2, -2]) {
            const parts = tf.split(x, [1, 5, 3], axis);
            assert.deepStrictEqual(
              parts.map((part) => part.shape.at(axis)),
              [1, 5, 3],
            );
            assert.strictEqual(parts[1].dtype, type);
            const start = shape.map((_, each) => (each === (axis + 4) % 4 ? 1 : 0));
            assert.deepStrictEqual(
              parts[1].dataSync(),
              tf.slice(x, start, parts[1].shape).dataSync(),
              `part of axis ${axis}`,
            );
            assert.deepStrictEqual(tf.concat(parts, axis).dataSync(), x.dataSync(), `axis ${axis}`);
          }
        }),
      );
    });
  }

  test("long runs are copied as well, and tensors without values joined", () => {
    leavingNoTensors(() =>
      tf.tidy(() => {
        const [a, b] = [tensor([2, 301]), tensor([2, 130], 2)] as tf.Tensor2D[];
        const joined = tf.concat([a, tf.zeros<tf.Rank.R2>([2, 0]), b], 1);
        const [left, right] = [a.arraySync(), b.arraySync()];
        assert.deepStrictEqual(
          joined.arraySync(),
          left.map((row, i) => [...row, ...right[i]]),
        );
      }),
    );
  });

  test("the larger of two tensors, NaN where one is; of other shapes as well", () => {
    leavingNoTensors(() =>
      tf.tidy(() => {
        const [a, b] = [tf.tensor1d([1, 5, NaN, 2, -1, 0, 7]), tf.tensor1d([3, 4, 2, NaN, -2, 0, 8])];
        assert.deepStrictEqual(Array.from(tf.maximum(a, b).dataSync()), [3, 5, NaN, NaN, -1, 0, 8]);
        assert.deepStrictEqual(Array.from(tf.maximum(tf.tensor1d([1, -1]), 0).dataSync()), [1, 0]);
      }),
    );
  });

  test("a clone shares memory and outlives its original", () => {
    leavingNoTensors(() => {
      const original = tensor([5, 3]);
      const values = original.dataSync();
      const ids = (): number => (tf.backend() as tf.KernelBackend).numDataIds();
      const before = ids();
      const clone = tf.clone(original);
      assert.strictEqual(ids(), before);
      original.dispose();
      const other = tf.zeros([5, 3]);
      assert.deepStrictEqual(clone.dataSync(), values);
      tf.dispose([clone, other]);
    });
  });
});

/** @returns for every channel the mean over all pixels */
function average(values: Float32Array, channels: number): number[] {
  const sums = Array.from({ length: channels }, () => 0);
  values.forEach((value, i) => (sums[i % channels] += value));
  return sums.map((sum) => (sum * channels) / values.length);
}
