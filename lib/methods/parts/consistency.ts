import * as tf from "@tensorflow/tfjs-core";
import { consistencyLoss, probabilities } from "../../nets/model/losses";
import { drawNoisyMoves, movedLogits } from "../../nets/model/noisy-moves";
import { named, type Inputs } from "../../nets/run/named";
import type { Loss, Sight } from "../../nets/run/recipe";
import type { AdaptContext } from "../contract";
import { pixelEntropies } from "./entropy";

/** Entropy, and how far the answer to noisy and moved images (`drawNoisyMoves`) is from the plain one; the gradient reaches both. */
export const sureAndConsistent = (consistency: number): Loss<Sight> =>
  named(surety, { numbers: { weight: consistency } });

function surety(sight: Sight, inputs: Inputs) {
  const { logits } = sight.forward();
  const entropy = tf.mean(pixelEntropies(logits)) as tf.Scalar;
  const consistency = consistencyLoss(probabilities(movedLogits(sight, inputs)), probabilities(logits));
  return { total: tf.add(entropy, tf.mul(consistency, inputs.weight)) as tf.Scalar, entropy, consistency };
}

/** Noise of a deviation and moves, drawn anew for each step on a batch: see `Followed.beside`. */
export function noisyMoves({ random, draw }: Pick<AdaptContext<unknown>, "random" | "draw">, deviation: number) {
  let steps = 0;
  return ({ shape }: tf.Tensor4D): Inputs =>
    draw("step", () => drawNoisyMoves(shape, deviation, random.child(`step ${steps++}`)));
}
