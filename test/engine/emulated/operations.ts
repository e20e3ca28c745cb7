import * as tf from "@tensorflow/tfjs-core";
import {
  adamStep,
  batchNormReluTrain,
  convolveBlocks,
  diceSums,
  enlargeBlocks,
  meanOverPixels,
  mixedConvolution,
  sigmoidGate,
  softmax,
  type GateLayers,
} from "../../../lib/engine";

/** Repeatable numbers in (-1, 1), from integers alone. */
export function numbers(shape: readonly number[], seed: number): tf.Tensor {
  let state = (seed * 2654435761 + 12345) >>> 0;
  const values = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) / 2 ** 23 - 1;
  });
  return tf.tensor(values, [...shape]);
}

type Layer = (...inputs: tf.Tensor[]) => tf.Tensor;

/** The value of a layer and its gradient in each input. */
function valueAndGradients(layer: Layer, inputs: tf.Tensor[]): tf.Tensor[] {
  const value = layer(...inputs);
  return [value, ...tf.grads(layer)(inputs, numbers(value.shape, 99))];
}

const as4d = (x: tf.Tensor): tf.Tensor4D => x as tf.Tensor4D;

function convolutions(): Record<string, () => tf.Tensor[]> {
  const all: Record<string, () => tf.Tensor[]> = {};
  for (const [batch, side, from, to] of [
    [2, 16, 3, 8],
    [2, 16, 16, 24],
    [1, 32, 8, 8],
    [2, 2, 16, 32],
    [1, 5, 2, 5],
    [2, 12, 72, 40],
  ]) {
    const inputs = (): tf.Tensor[] => [numbers([batch, side, side, from], 1), numbers([3, 3, from, to], 2)];
    const size = `${batch}x${side}x${side}x${from} to ${to}`;
    all[`convolution ${size}`] = () => valueAndGradients((x, w) => tf.conv2d(as4d(x), as4d(w), 1, "same"), inputs());
    all[`mixed convolution ${size}`] = () => {
      const bank = numbers([3, 9 * from * to], 3) as tf.Tensor2D;
      const kernel = { kernel: [3, 3, from, to] as [number, number, number, number], transposed: false };
      const layer: Layer = (x, gate, kernels, biases) =>
        mixedConvolution(
          as4d(x),
          gate as tf.Tensor2D,
          { kernels: kernels as tf.Tensor2D, biases: biases as tf.Tensor2D },
          kernel,
        );
      const given = [numbers([batch, side, side, from], 1), numbers([batch, 3], 4), bank, numbers([3, to], 5)];
      const value = layer(...given);
      return [
        value,
        ...tf.grads((x, gate) => layer(x, gate, given[2], given[3]))(given.slice(0, 2), numbers(value.shape, 9)),
      ];
    };
  }
  all["blocks"] = () =>
    valueAndGradients(
      (x, w, b) => enlargeBlocks(as4d(x), as4d(w), b as tf.Tensor1D),
      [numbers([2, 5, 6, 16], 1), numbers([2, 2, 8, 16], 2), numbers([8], 3)],
    );
  all["points"] = () =>
    valueAndGradients(
      (x, w, b) => convolveBlocks(as4d(x), as4d(w), b as tf.Tensor1D),
      [numbers([2, 5, 6, 16], 1), numbers([1, 1, 16, 3], 2), numbers([3], 3)],
    );
  return all;
}

function layers(): Record<string, () => tf.Tensor[]> {
  const all: Record<string, () => tf.Tensor[]> = {};
  for (const channels of [3, 8, 16, 24, 40, 64, 88])
    all[`normalisation of ${channels}`] = () =>
      valueAndGradients(
        (x, scale, offset) => batchNormReluTrain(as4d(x), scale as tf.Tensor1D, offset as tf.Tensor1D, 1e-5).y,
        [numbers([2, 9, 11, channels], 1), numbers([channels], 2), numbers([channels], 3)],
      );
  all["mean over pixels"] = () =>
    valueAndGradients((x) => meanOverPixels([as4d(x)]).mean, [numbers([2, 18, 20, 19], 1)]);
  all["pooling"] = () => valueAndGradients((x) => tf.maxPool(as4d(x), 2, 2, "valid"), [numbers([2, 6, 8, 11], 1)]);
  all["softmax"] = () => valueAndGradients((x) => softmax(as4d(tf.mul(x, 20))), [numbers([2, 6, 8, 3], 1)]);
  all["sums of soft Dice"] = () => {
    const { apart, both, either } = diceSums(as4d(numbers([2, 9, 8, 3], 1)), as4d(numbers([2, 9, 8, 3], 2)));
    return [apart, both, either];
  };
  all["gate"] = () => {
    const given = [[4, 24], [4, 16], [16, 24], [16], [5, 16], [5]].map((shape, i) => numbers(shape, i + 1));
    const gate: Layer = (mean, dropout, first, firstBias, second, secondBias) =>
      sigmoidGate(mean as tf.Tensor2D, dropout as tf.Tensor2D, { first, firstBias, second, secondBias } as GateLayers);
    return valueAndGradients(
      (mean, first, second) => gate(mean, given[1], first, given[3], second, given[5]),
      [given[0], given[2], given[4]],
    );
  };
  return all;
}

function elementary(): Record<string, () => tf.Tensor[]> {
  const x = () => numbers([3, 20, 33], 1);
  return {
    exponentials: () => [tf.exp(tf.mul(x(), 80)), tf.sigmoid(tf.mul(x(), 20))],
    "logarithms and roots": () => [tf.log(tf.abs(x())), tf.sqrt(tf.abs(x())), tf.rsqrt(tf.abs(x()))],
    sums: () => [
      tf.sum(x()),
      tf.sum(x(), 0),
      tf.sum(x(), [0, 1]),
      tf.sum(x(), 2, true),
      tf.mean(x(), [0, 2]),
      tf.mean(x()),
    ],
    quotients: () => [tf.div(x(), tf.add(x(), 2)), tf.addN([x(), x(), x()])],
    adam: () =>
      adamStep(
        { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
        numbers([1000], 1) as tf.Tensor1D,
        numbers([1000], 2) as tf.Tensor1D,
        [numbers([1000], 3), tf.square(numbers([1000], 4)), tf.square(numbers([1000], 5))] as tf.Tensor1D[],
        tf.scalar(1.25),
        tf.scalar(1e-3),
      ),
  };
}

/** Every operation that a job is made of, on small tensors that fill registers or leave a rest. */
export const operations = (): Record<string, () => tf.Tensor[]> => ({
  ...convolutions(),
  ...layers(),
  ...elementary(),
});
