import * as tf from "@tensorflow/tfjs-core";
import { test } from "node:test";
import { sigmoidGate, type GateLayers } from "../../lib/engine";
import { assertClose, assertGradients, leavingNoTensors, onEveryEngine, pattern } from "./engines";

const tensor = (shape: readonly number[], seed: number): tf.Tensor =>
  tf.tensor(
    pattern(
      shape.reduce((a, b) => a * b, 1),
      seed,
    ),
    [...shape],
  );

const layersOf = ([first, firstBias, second, secondBias]: readonly tf.Tensor[]): GateLayers =>
  ({ first, firstBias, second, secondBias }) as GateLayers;

/** In float64, without the engine. */
function gateByHand([mean, dropout, first, firstBias, second, secondBias]: readonly tf.Tensor[]): number[] {
  const numbers = [mean, dropout, first, firstBias, second, secondBias].map((each) => each.dataSync());
  const [batch, inputs] = mean.shape;
  const [experts, hidden] = second.shape;
  const linear = (
    values: ArrayLike<number>,
    weights: ArrayLike<number>,
    biases: ArrayLike<number>,
    size: number,
    row: number,
    to: number,
  ) => {
    let sum = biases[to];
    for (let i = 0; i < size; i++) sum += values[row * size + i] * weights[to * size + i];
    return sum;
  };
  return Array.from({ length: batch }, (_, row) => {
    const kept = Array.from(
      { length: hidden },
      (_, to) => linear(numbers[0], numbers[2], numbers[3], inputs, row, to) * numbers[1][row * hidden + to],
    );
    return Array.from(
      { length: experts },
      (_, to) => 1 / (1 + Math.exp(-linear(kept, numbers[4], numbers[5], hidden, 0, to))),
    );
  }).flat();
}

/** Batch, channels, experts; twice as many hidden numbers as channels. */
const shapes = [
  [1, 3, 2],
  [5, 16, 6],
  [3, 35, 5],
  [2, 80, 3],
] as const;

onEveryEngine("the gate of a mean", ["tensorflow", "wasm", "cpu"], () => {
  for (const [batch, channels, experts] of shapes) {
    const inputs = (): tf.Tensor[] => {
      const factors = tf.tensor(
        pattern(batch * 2 * channels, 9).map((x) => (x < -0.5 ? 0 : 2)),
        [batch, 2 * channels],
      );
      const weights = [
        tensor([2 * channels, channels], 2),
        tensor([2 * channels], 3),
        tensor([experts, 2 * channels], 4),
        tensor([experts], 5),
      ];
      return [tensor([batch, channels], 1), factors, ...weights].map((each, index) =>
        index === 1 ? each : tf.mul(each, 0.2),
      );
    };

    test(`${channels} channels, ${experts} experts, batch ${batch}: values are those of two linear layers and a sigmoid`, () => {
      leavingNoTensors(() =>
        tf.tidy(() => {
          const given = inputs();
          const [mean, dropout, ...layers] = given;
          assertClose(
            sigmoidGate(mean as tf.Tensor2D, dropout as tf.Tensor2D, layersOf(layers)).dataSync(),
            gateByHand(given),
            1e-6,
          );
          given[1] = tf.onesLike(dropout);
          assertClose(
            sigmoidGate(mean as tf.Tensor2D, undefined, layersOf(layers)).dataSync(),
            gateByHand(given),
            1e-6,
            "without dropout",
          );
        }),
      );
    });
  }

  for (const dropped of [true, false]) {
    test(`gradients equal finite differences ${dropped ? "with" : "without"} dropout`, () => {
      tf.tidy(() => {
        const dropout = dropped ? tf.tensor2d([0, 2, 2, 0, 0, 2, 2, 2, 0, 2, 0, 2], [2, 6]) : undefined;
        const inputs = [tensor([2, 3], 1), tensor([6, 3], 2), tensor([6], 3), tensor([4, 6], 4), tensor([4], 5)];
        assertGradients(
          (mean, ...layers) => sigmoidGate(mean as tf.Tensor2D, dropout, layersOf(layers)),
          inputs,
          1e-2,
          2e-3,
        );
      });
    });
  }
});
