import * as tf from "@tensorflow/tfjs-core";
import { test } from "node:test";
import { mixedConvolution, type ExpertWeights, type MixedKernels } from "../../lib/engine";
import { assertClose, assertGradients, leavingNoTensors, onEveryEngine, pattern } from "./engines";

const tensor = (shape: readonly number[], seed: number): tf.Tensor =>
  tf.tensor(
    pattern(
      shape.reduce((a, b) => a * b, 1),
      seed,
    ),
    [...shape],
  );

const experts = 3;

/** Convolutions of one sample after the other, out of the library's own operations: images with zeros round them go by no tiles. */
function oneByOne(
  x: tf.Tensor4D,
  gate: tf.Tensor2D,
  { kernels: bank, biases }: ExpertWeights,
  { kernel, transposed }: MixedKernels,
): tf.Tensor4D {
  const [size, , third] = kernel;
  const outputs = Array.from({ length: x.shape[0] }, (_, sample) => {
    const image = tf.slice(x, sample, 1);
    const mixed = tf.reshape<tf.Rank.R4>(
      tf.matMul(tf.slice(gate, sample, 1), bank),
      kernel as [number, number, number, number],
    );
    const margin: [number, number] = [(size - 1) / 2, (size - 1) / 2];
    const y = transposed
      ? tf.conv2dTranspose(image, mixed, [1, size * x.shape[1], size * x.shape[2], third], size, "same")
      : tf.conv2d(tf.pad(image, [[0, 0], margin, margin, [0, 0]]), mixed, 1, "valid");
    return biases ? tf.add<tf.Tensor4D>(y, tf.matMul(tf.slice(gate, sample, 1), biases)) : y;
  });
  return tf.concat(outputs);
}

/** Batch, height, width, channels in and out: numbers of channels and pixels that fill registers or leave a rest, and some that go by tiles. */
const shapes: readonly (readonly [number, number, number, number, number])[] = [
  [3, 6, 4, 5, 3],
  [2, 16, 16, 8, 8],
  [2, 5, 9, 3, 24],
  [2, 8, 8, 24, 59],
  [1, 1, 1, 40, 64],
  [1, 3, 150, 16, 32],
  [2, 8, 12, 16, 24],
  [1, 18, 16, 40, 48],
  [2, 7, 10, 8, 72],
  [2, 4, 16, 72, 64],
  [2, 4, 12, 72, 64],
  [1, 36, 33, 16, 8],
];

onEveryEngine("mixed convolutions", ["tensorflow", "wasm", "cpu"], (engine) => {
  // Plain JavaScript has neither registers nor tiles, and takes a minute for the large ones.
  for (const [batch, height, width, inputs, outputs] of engine === "cpu" ? shapes.slice(0, 3) : shapes) {
    for (const [label, kernel] of [
      ["3x3", [3, 3, inputs, outputs]],
      ["1x1", [1, 1, inputs, outputs]],
      ["transposed 2x2", [2, 2, outputs, inputs]],
    ] as [string, number[]][]) {
      test(`${label}, ${inputs} to ${outputs} channels, ${batch}x${height}x${width}: values and gradients are those of one convolution after the other`, () => {
        leavingNoTensors(() =>
          tf.tidy(() => {
            const layer: MixedKernels = { kernel, transposed: label.startsWith("transposed") };
            const size = kernel.reduce((product: number, length) => product * length, 1);
            const given = [tensor([batch, height, width, inputs], 1), tensor([batch, experts], 2)];
            const kernels = tensor([experts, size], 3) as tf.Tensor2D;
            // As in the network: what is 3x3 has no bias.
            const bank: ExpertWeights =
              label === "3x3" ? { kernels } : { kernels, biases: tensor([experts, outputs], 5) as tf.Tensor2D };
            const weights = tensor(oneByOne(given[0] as tf.Tensor4D, given[1] as tf.Tensor2D, bank, layer).shape, 4);
            const [got, want] = [mixedConvolution, oneByOne].map((convolve) => {
              const run = (x: tf.Tensor, gate: tf.Tensor) =>
                convolve(x as tf.Tensor4D, gate as tf.Tensor2D, bank, layer);
              const y = run(given[0], given[1]);
              return [y, ...tf.grads((x: tf.Tensor, gate: tf.Tensor) => tf.sum(tf.mul(run(x, gate), weights)))(given)];
            });
            ["values", "gradient in x", "gradient in the gates"].forEach((name, index) =>
              assertClose(got[index].dataSync(), want[index].dataSync(), 1e-5, name),
            );
          }),
        );
      });
    }
  }

  test("the gradients equal finite differences", () => {
    tf.tidy(() => {
      const bank = {
        kernels: tensor([experts, 2 * 9 * 4], 3) as tf.Tensor2D,
        biases: tensor([experts, 4], 5) as tf.Tensor2D,
      };
      const inputs = [tensor([2, 4, 3, 2], 1), tensor([2, experts], 2)];
      assertGradients(
        (x, gate) =>
          mixedConvolution(x as tf.Tensor4D, gate as tf.Tensor2D, bank, { kernel: [3, 3, 2, 4], transposed: false }),
        inputs,
        0.5,
        1e-4,
      );
    });
  });
});
