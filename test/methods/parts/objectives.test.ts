import assert from "node:assert/strict";
import { test } from "node:test";
import * as tf from "@tensorflow/tfjs-core";
import { createRandom } from "../../../lib/core/random";
import { sureAndConsistent } from "../../../lib/methods/parts/consistency";
import { meanEntropy } from "../../../lib/methods/parts/entropy";
import { gemT, type GemReading } from "../../../lib/methods/parts/generalised-entropy";
import { informationMaximisation } from "../../../lib/methods/parts/information";
import { softTargets } from "../../../lib/methods/parts/losses";
import { marginalEntropy } from "../../../lib/methods/parts/marginal";
import { quarters, rotationLoss } from "../../../lib/methods/parts/rotations";
import { adaptations } from "../../../lib/methods/registry";
import { drawNoisyMoves } from "../../../lib/nets/model/noisy-moves";
import { routingObjective } from "../../../lib/nets/routed/routing-objective";
import type { Inputs } from "../../../lib/nets/run/named";
import type { Loss, Sight } from "../../../lib/nets/run/recipe";
import { assertClose, onEveryEngine, pattern } from "../../engine/engines";

const shape = [2, 4, 4, 2] as [number, number, number, number];
const size = 64;
const net = { inChannels: 2, classes: 2, features: 2 };

interface Objective {
  readonly loss: Loss<Sight>;
  /** What it takes beside its own numbers. */
  readonly inputs?: () => Inputs;
  /** Which pass, counted from 0, is a constant of the gradient. */
  readonly constantPass?: number;
  /** The value with whatever else is a constant held at `base`, in float64 (default: the objective's own). */
  readonly held?: (at: Float32Array, base: Float32Array) => number;
}

const moves = () => drawNoisyMoves(shape, 0.5, createRandom("moves"));
/** Only that dropout was drawn matters here: the network that is looked at has no gates. */
const dropped = (): Inputs => ({ ...moves(), "dropout/main": tf.scalar(1) });
const masks = () => tf.oneHot(tf.tensor(pattern(32, 5)).greater(0).toInt().reshape([2, 4, 4]), 2).toFloat();
const routing = (entropyAxis: "batch" | "class", stopGradientTarget: boolean, weights: readonly number[]) => {
  const [entropy, consistency, outline] = weights;
  return routingObjective({
    shape: net,
    entropyAxis,
    stopGradientTarget,
    weights: { entropy, consistency, shape: outline },
  });
};

/** GEM-T of two classes, whose temperature is a constant. */
const gem = (reading: GemReading) => (at: Float32Array, base: Float32Array) => {
  const pixels = Array.from({ length: size / 2 }, (_, i) => {
    const temperature = Math.SQRT2 * Math.abs(base[2 * i] - base[2 * i + 1]);
    const p = 1 / (1 + Math.exp((at[2 * i + 1] - at[2 * i]) / temperature));
    return { squared: temperature ** 2, entropy: -p * Math.log(p) - (1 - p) * Math.log(1 - p) };
  });
  const mean = (of: (pixel: (typeof pixels)[number]) => number) =>
    pixels.reduce((sum, pixel) => sum + of(pixel), 0) / pixels.length;
  return reading === "published"
    ? mean(({ squared }) => squared) * mean(({ entropy }) => entropy)
    : mean(({ squared, entropy }) => squared * entropy);
};

const objectives: Readonly<Record<string, Objective>> = {
  entropy: { loss: meanEntropy },
  "SHOT's information": { loss: informationMaximisation(0.3), inputs: () => ({ pseudo: masks() }) },
  "SHOT's information without labels": { loss: informationMaximisation(0), inputs: () => ({ pseudo: masks() }) },
  "MEMO's marginal entropy": { loss: marginalEntropy, inputs: moves },
  "CoTTA's cross-entropy": { loss: softTargets, inputs: () => ({ target: tf.tensor4d(pattern(size, 8), shape) }) },
  "GEM-T, intended": { loss: gemT("intended"), held: gem("intended") },
  "GEM-T, published": { loss: gemT("published"), held: gem("published") },
  "TTT's rotations": { loss: rotationLoss, inputs: () => quarters(createRandom("unused"), shape) },
  "entropy and consistency": { loss: sureAndConsistent(3), inputs: moves },
  "routing: entropy over the batch": { loss: routing("batch", false, [10, 0, 0]), inputs: moves },
  "routing: entropy over classes": { loss: routing("class", false, [10, 0, 0]), inputs: moves },
  "routing: consistency, to both sides": { loss: routing("class", false, [0, 1, 0]), inputs: moves },
  "routing: consistency, to both sides under dropout": { loss: routing("class", false, [0, 1, 0]), inputs: dropped },
  "routing: consistency, target fixed": { loss: routing("class", true, [0, 1, 0]), inputs: dropped, constantPass: 2 },
  "routing: shape": { loss: routing("class", false, [0, 0, 1e6]), inputs: moves },
  "routing: published": { loss: routing("batch", false, [10, 0.1, 1]), inputs: moves },
  "routing: intended": { loss: routing("class", true, [10, 0.1, 1]), inputs: dropped, constantPass: 2 },
};

/** The objectives by which each test-time method steps, or why it has none. */
const steps: Readonly<Record<string, readonly (keyof typeof objectives)[] | string>> = {
  global: "nothing changes",
  "bn-adapt": "the batch's statistics are no step",
  tent: ["entropy"],
  shot: ["SHOT's information", "SHOT's information without labels"],
  t3a: "prototypes are means, not learnt",
  memo: ["MEMO's marginal entropy"],
  ttt: ["TTT's rotations"],
  cotta: ["CoTTA's cross-entropy"],
  "domain-adaptor": ["GEM-T, intended", "GEM-T, published"],
  dltta: ["entropy"],
  ensemble: "nothing changes",
  soup: "nothing changes",
  "best-expert": "it chooses",
  "greedy-soup": "it chooses",
  "uniform-routing": ["entropy", ...Object.keys(objectives).filter((name) => name.startsWith("routing: "))],
  "static-gates": Object.keys(objectives).filter((name) => name.startsWith("routing: ")),
  "sparse-weights": ["entropy and consistency"],
  "iop-fl": Object.keys(objectives).filter((name) => name.startsWith("routing: ")),
};

test("every test-time method has its objective here, or says why it has none", () => {
  assert.deepEqual(Object.keys(steps).sort(), adaptations.map(({ id }) => id).sort());
  const used = Object.values(steps).flatMap((names) => (typeof names === "string" ? [] : names));
  assert.deepEqual([...new Set(used)].sort(), Object.keys(objectives).sort());
});

/**
 * A network that adds free numbers to a mixture of its images' channels. Its head, where one is asked for, is the same over pixels.
 * @param constant the pass that sees `base` in place of them
 */
function sightOf(x: tf.Tensor, base: tf.Tensor, constant?: number): Sight {
  const images = tf.tensor4d(pattern(size, 3), shape);
  let passes = 0;
  return {
    images,
    forward(of = images) {
      const free = tf.reshape(passes++ === constant ? base : x, [...shape]);
      const [batch] = of.shape;
      // Rotations are told of four times as many images.
      const logits = tf.add(of, batch === shape[0] ? free : tf.tile(free, [batch / shape[0], 1, 1, 1])) as tf.Tensor4D;
      const scores = tf.concat([tf.mean(tf.square(logits), [1, 2]), tf.mean(tf.sin(logits), [1, 2])], 1);
      return { logits, taps: new Map([["rotation", scores]]), seen: [] };
    },
  };
}

onEveryEngine("objectives of test time", ["tensorflow", "wasm"], () => {
  for (const [name, { loss, inputs = () => ({}), constantPass, held }] of Object.entries(objectives))
    test(`${name}: the gradient equals finite differences`, () => {
      tf.tidy(() => {
        const numbers = Object.fromEntries(Object.entries(loss.numbers).map(([key, n]) => [key, tf.scalar(n)]));
        const given = { ...numbers, ...inputs() };
        // A seed whose largest and smallest pixels lie apart: at a tie the shape term has a kink.
        const values = pattern(size, 7).map((value) => 2 * value);
        const base = tf.tensor1d(values);
        const value = (x: tf.Tensor) => loss.body(sightOf(x, base, constantPass), given).total;
        const gradient = tf.grad(value)(base).dataSync();
        // The free numbers are added to the images, which are what the network answers where those are 0.
        const images = pattern(size, 3);
        const logits = (of: Float32Array) => of.map((number, i) => number + images[i]);
        const at = (i: number, step: number) => {
          const moved = values.slice();
          moved[i] += step;
          return held ? held(logits(moved), logits(values)) : tf.tidy(() => value(tf.tensor1d(moved)).dataSync()[0]);
        };
        const numerical = values.map((_, i) => (at(i, 1e-2) - at(i, -1e-2)) / 2e-2);
        assert.ok(
          numerical.some((each) => Math.abs(each) > 1e-4),
          "the objective depends on nothing",
        );
        assertClose(gradient, numerical, 1e-2, name);
      });
    });
});
