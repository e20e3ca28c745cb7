import * as tf from "@tensorflow/tfjs-core";
import { softmax } from "../../engine";
import { consistencyLoss, entropyLoss, type EntropyAxis, shapeLoss } from "../model/losses";
import { movedLogits } from "../model/noisy-moves";
import { withoutGradient } from "../model/without-gradient";
import type { UNetShape } from "../model/unet-layout";
import { chosen, type Inputs } from "../run/named";
import type { Loss, Sight } from "../run/recipe";
import { cutDropouts, dropoutsOf } from "./test-time-draws";

export interface ObjectiveConfig {
  readonly shape: UNetShape;
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
}

/**
 * `10 entropy(p) + 0.1 mean (p(T^-1 f(T x)) - p(f(x)))^2 + shape(p)`: what test-time routing minimises, without any label
 * (`federated/model_trainer_segmentation.py`, io_pfl), with the draws of `drawAugmentation`.
 */
export function routingObjective({ shape, weights, entropyAxis, stopGradientTarget }: ObjectiveConfig): Loss<Sight> {
  const objective = chosen(objectiveFor, { entropyAxis, stopGradientTarget }, { numbers: { ...weights } });
  return { ...objective, prepare: (inputs) => cutDropouts(shape, inputs) };
}

interface Choices {
  readonly [name: string]: string | boolean;
  readonly entropyAxis: EntropyAxis;
  readonly stopGradientTarget: boolean;
}

const objectiveFor =
  ({ entropyAxis, stopGradientTarget }: Choices) =>
  (sight: Sight, inputs: Inputs): ObjectiveTerms & Readonly<Record<string, tf.Scalar>> => {
    const { images } = sight;
    const dropout = dropoutsOf(inputs);
    const main = softmax(sight.forward(images, { dropout: dropout?.main }).logits);
    const augmented = movedLogits(sight, inputs, { dropout: dropout?.augmented });
    // Without dropout the third pass of the official code repeats the first.
    const target = (): tf.Tensor4D =>
      dropout ? softmax(sight.forward(images, { dropout: dropout.clean }).logits) : tf.clone(main);
    const clean = stopGradientTarget ? withoutGradient(target) : target();

    const entropy = entropyLoss(main, entropyAxis);
    const consistency = consistencyLoss(softmax(augmented), clean);
    const outline = shapeLoss(main);
    const total = tf.addN([
      tf.mul(entropy, inputs.entropy),
      tf.mul(consistency, inputs.consistency),
      tf.mul(outline, inputs.shape),
    ]) as tf.Scalar;
    return { total, entropy, consistency, shape: outline };
  };
