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

/** PyTorch's form of Nesterov's momentum behind a step of SGD of rate 1, by which the gradient is `before - w`. */
export const nesterov = (momentum: number): After => named(withMomentum, { numbers: { momentum } });

const withMomentum = ({ w }: Pick<Descending, "w">, { before, velocity, rate, momentum }: Inputs) =>
  tf.sub(before, tf.mul(rate, tf.add(tf.sub(before, w), tf.mul(velocity, momentum))));

/** Steps of a slot whose recipe has `nesterov` behind SGD of rate 1: `v <- m v + d, w <- w - rate (d + m v)`, the first v is d. */
export function openMomentum(slot: Slot, momentum: number) {
  let velocity: tf.Tensor | undefined;
  return {
    async step(views: Views, beside: Inputs, rate: number): Promise<StepLosses> {
      const before = tf.clone(slot.vector());
      const scalar = tf.scalar(rate);
      try {
        const losses = await slot.step(views, beside);
        const next = tf.tidy(() => {
          const d = tf.sub(before, slot.vector());
          return tf.keep(velocity ? tf.add(tf.mul(velocity, momentum), d) : d);
        });
        velocity?.dispose();
        velocity = next;
        slot.after({ before, velocity, rate: scalar });
        return losses;
      } finally {
        tf.dispose([before, scalar]);
      }
    },
    dispose: () => void velocity?.dispose(),
  };
}
