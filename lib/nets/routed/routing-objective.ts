import * as tf from "@tensorflow/tfjs-core";
import { softmax } from "../../engine";
import { consistencyLoss, entropyLoss, type EntropyAxis, shapeLoss } from "../model/losses";
import type { Parameters } from "../model/parameters";
import { forwardRouted, type Dropout, type RoutedNetwork } from "./routed-unet";
import { turn, turnBack, type Moves } from "./transforms";

export const passes = ["main", "augmented", "clean"] as const;

/** One draw of the test-time augmentation of a batch, on the engine. */
export interface Augmentation {
  /** Added to the images, of their shape. */
  readonly noise: tf.Tensor4D;
  readonly moves: Moves;
  /** The dropout of each of the three passes; nothing for none. */
  readonly dropout?: Readonly<Record<(typeof passes)[number], Dropout>>;
}

export interface ObjectiveConfig {
  /** Weights of the three terms; the official code has 10, 0.1 and 1. */
  readonly weights: { readonly entropy: number; readonly consistency: number; readonly shape: number };
  readonly entropyAxis: EntropyAxis;
  /** Whether the clean prediction is a fixed target; in the official code the gradient reaches both sides. */
  readonly stopGradientTarget: boolean;
}

export interface ObjectiveTerms {
  readonly total: tf.Scalar;
  readonly entropy: tf.Scalar;
  readonly consistency: tf.Scalar;
  readonly shape: tf.Scalar;
  /** Logits of the moved and noisy images, moved back. */
  readonly augmented: tf.Tensor4D;
}

/**
 * `10 entropy(p) + 0.1 mean (p(T^-1 f(T x)) - p(f(x)))^2 + shape(p)`: what test-time routing minimises, without any label
 * (`federated/model_trainer_segmentation.py`, io_pfl). Call it inside `tf.tidy`.
 */
export function routingObjective(
  network: RoutedNetwork,
  parameters: Parameters,
  images: tf.Tensor4D,
  { noise, moves, dropout }: Augmentation,
  { weights, entropyAxis, stopGradientTarget }: ObjectiveConfig,
): ObjectiveTerms {
  const predict = (x: tf.Tensor4D, pass?: Dropout) => forwardRouted(network, parameters, x, pass).logits;
  const main = softmax(predict(images, dropout?.main));
  const augmented = turnBack(predict(turn(tf.add(images, noise), moves), dropout?.augmented), moves);
  // Without dropout the third pass of the official code repeats the first.
  const target = (): tf.Tensor4D => (dropout ? softmax(predict(images, dropout.clean)) : tf.clone(main));
  const clean = stopGradientTarget ? withoutGradient(target) : target();

  const entropy = entropyLoss(main, entropyAxis);
  const consistency = consistencyLoss(softmax(augmented), clean);
  const shape = shapeLoss(main);
  const total = tf.addN([
    tf.mul(entropy, weights.entropy),
    tf.mul(consistency, weights.consistency),
    tf.mul(shape, weights.shape),
  ]) as tf.Scalar;
  return { total, entropy, consistency, shape, augmented };
}

/** Computes a tensor that counts as a constant: what happens inside a custom gradient is not recorded. */
function withoutGradient(compute: () => tf.Tensor4D): tf.Tensor4D {
  return tf.customGrad(() => ({ value: compute(), gradFunc: () => [] }))() as tf.Tensor4D;
}
