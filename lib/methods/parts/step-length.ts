import * as tf from "@tensorflow/tfjs-core";
import { named, type Inputs } from "../../nets/run/named";
import type { After, Descending, Views } from "../../nets/run/recipe";
import type { Slot, StepLosses } from "../../nets/run/slot";

/** `before + share (w - before)`: a step as long as at `share` times the rate, since every optimiser here is linear in its rate. */
export const lengthened: After = named(({ w }: Pick<Descending, "w">, { before, share }: Inputs) =>
  tf.add(before, tf.mul(tf.sub(w, before), share)),
);

/** A step of a slot whose recipe has `lengthened` behind it, at so many times its rate. */
export async function stepAt(slot: Slot, views: Views, share: number): Promise<StepLosses> {
  const before = tf.clone(slot.vector());
  const length = tf.scalar(share);
  try {
    const losses = await slot.step(views);
    slot.after({ before, share: length });
    return losses;
  } finally {
    tf.dispose([before, length]);
  }
}
