import type * as tf from "@tensorflow/tfjs-core";
import { softDiceLoss } from "../../nets/model/losses";
import { named, type Inputs } from "../../nets/run/named";
import type { Draws, LabelledSight, Loss } from "../../nets/run/recipe";
import { appearances, drawAppearance } from "./appearance";
import { drawShapes, reshaped, reshapedTruth, uploadShapes } from "./other-shape";

/** BigAug's nine changes: six of appearance, then three of shape, each with probability p. */
export const drawStackedChanges =
  (p: number): Draws =>
  (random, shape) => ({
    ...drawAppearance(p)(random, shape),
    ...uploadShapes(shape, drawShapes(p, shape[0], random.child("shape"))),
  });

/** Soft Dice of images that look otherwise and have another shape, and of their masks in that shape. */
export const diceOfStackedChanges: Loss = {
  ...named(({ forward }: LabelledSight, { changedImages, changedTruth }: Inputs) => ({
    total: softDiceLoss(forward(changedImages as tf.Tensor4D).logits, changedTruth as tf.Tensor4D),
  })),
  prepare(inputs, { images, truth }) {
    const changed = Object.values(appearances).reduce<tf.Tensor>((x, change) => change(x, inputs), images);
    return { changedImages: reshaped(changed as tf.Tensor4D, inputs), changedTruth: reshapedTruth(truth, inputs) };
  },
};
