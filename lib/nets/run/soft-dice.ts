import type * as tf from "@tensorflow/tfjs-core";
import { softDiceLoss } from "../model/losses";
import { named } from "./named";
import type { LabelledSight, Loss } from "./recipe";

/** What everything here is trained with: soft Dice over all classes and the whole batch (official `utils/loss.py`). */
export const softDice: Loss = named(({ forward, truth }: LabelledSight): { total: tf.Scalar } => ({
  total: softDiceLoss(forward().logits, truth),
}));
