import * as tf from "@tensorflow/tfjs-core";
import { softDiceLoss } from "../../nets/model/losses";
import { turn, uploadMoves } from "../../nets/model/transforms";
import { named, type Inputs } from "../../nets/run/named";
import type { Draws, LabelledSight, Loss, Sight } from "../../nets/run/recipe";
import { crossEntropy, type Head } from "./heads";

/** By how many quarters an image was turned, told from the bottleneck (Sun et al., ICML 2020). */
export const rotationHead: Head = { name: "rotation", tap: "bottleneck", outputs: 4 };

/** All images as they are, then all turned by one quarter, by two, by three; nothing is drawn. */
export const quarters: Draws = (_, [batch, height, width, channels]) => {
  const turns = Array.from({ length: 4 * batch }, (__, index) => Math.floor(index / batch));
  const moves = uploadMoves(
    [4 * batch, height, width, channels],
    turns.map((count) => ({ flip: false, quarters: count })),
  );
  return { ...moves, turns: tf.tidy(() => tf.cast(tf.oneHot(tf.tensor1d(turns, "int32"), 4), "float32")) };
};

/** Cross-entropy of the head on the four turns of every image, with the batch's statistics down to the bottleneck. */
function rotationOf({ images, forward }: Sight, { sources, targets, turns }: Inputs): tf.Scalar {
  const turned = turn(tf.tile(images, [4, 1, 1, 1]), {
    sources: sources as tf.Tensor1D,
    targets: targets as tf.Tensor1D,
  });
  const { taps } = forward(turned, { statistics: "batch", until: rotationHead.tap });
  return crossEntropy(taps.get(rotationHead.name) as tf.Tensor, turns);
}

/** What an image without labels teaches. */
export const rotationLoss: Loss<Sight> = named((sight: Sight, inputs: Inputs): { total: tf.Scalar } => ({
  total: rotationOf(sight, inputs),
}));

/** Soft Dice, and beside it the rotations. */
export const diceAndRotation = (weight: number): Loss => named(jointly, { numbers: { weight } });

function jointly(sight: LabelledSight, inputs: Inputs) {
  const dice = softDiceLoss(sight.forward().logits, sight.truth);
  const rotation = rotationOf(sight, inputs);
  return { total: tf.add(dice, tf.mul(rotation, inputs.weight)) as tf.Scalar, dice, rotation };
}
