import * as tf from "@tensorflow/tfjs-core";
import type { Random } from "../../core/random";
import { probabilities } from "../../nets/model/losses";
import { movedLogits } from "../../nets/model/noisy-moves";
import { named, type Inputs } from "../../nets/run/named";
import type { Sight } from "../../nets/run/recipe";

/** The largest probability of a pixel, averaged over pixels and images. */
export const certainty = named(({ forward }: Sight) => [tf.mean(tf.max(probabilities(forward().logits), 3))]);

/** What the network answers to images that a draw moves, moved back. */
export const movedAnswer = named((sight: Sight, inputs: Inputs): tf.Tensor[] => [movedLogits(sight, inputs)]);

/** @returns the mean of several answers, which are disposed of */
export function meanAnswer(count: number, ask: (view: number) => tf.Tensor): tf.Tensor {
  const answers = Array.from({ length: count }, (_, view) => ask(view));
  const mean = tf.tidy(() => tf.div(tf.addN(answers), count));
  tf.dispose(answers);
  return mean;
}

/** 1 where an element returns to the source. */
export function drawRestore(size: number, share: number, random: Random): Record<string, tf.Tensor> {
  const mask = new Float32Array(size);
  for (let at = 0; at < size; at++) mask[at] = random.uniform() < share ? 1 : 0;
  return { restore: tf.tensor1d(mask) };
}
