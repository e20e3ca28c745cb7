import * as tf from "@tensorflow/tfjs-core";
import type { State } from "../../core/state";
import { chosen, composed, named, type Inputs } from "../../nets/run/named";
import type { Descending, Direction } from "../../nets/run/recipe";

/** The gradient of `F(w) + strength / 2 ||w - to||^2`, over the trained entries. */
export const pull = (to: State, strength: number): Direction =>
  named(pulled, { states: { to }, numbers: { strength } });

const pulled = ({ w, grad }: Descending, { to, strength }: Inputs) => tf.add(grad(), tf.mul(tf.sub(w, to), strength));

/** The same towards another slot as it stands. */
export const pullTo = (slot: string, strength: number): Direction =>
  chosen(pulledTo, { slot }, { slots: [slot], numbers: { strength } });

const pulledTo =
  ({ slot }: { readonly slot: string }) =>
  ({ w, grad }: Descending, inputs: Inputs) =>
    tf.add(grad(), tf.mul(tf.sub(w, inputs[slot]), inputs.strength));

/** `strength (w - slot)`: follows another slot and asks for no gradient of its own. */
export const follow = (slot: string, strength: number): Direction =>
  chosen(followed, { slot }, { slots: [slot], numbers: { strength } });

const followed =
  ({ slot }: { readonly slot: string }) =>
  ({ w }: Descending, inputs: Inputs) =>
    tf.mul(tf.sub(w, inputs[slot]), inputs.strength);

/** Weight decay: the gradient of `F(w) + strength / 2 ||w||^2`. */
export const decay = (strength: number): Direction => named(decayed, { numbers: { strength } });

const decayed = ({ w, grad }: Descending, { strength }: Inputs) => tf.add(grad(), tf.mul(w, strength));

/** First-order meta-learning: the gradient for `query` behind a step of rate eta down the one for `support`. */
export const meta = (eta: number): Direction => named(behindStep, { numbers: { eta } });

const behindStep = ({ w, grad }: Descending, { eta }: Inputs) =>
  grad({ at: tf.sub(w, tf.mul(grad({ view: "support" }), eta)), view: "query" });

/** The gradient where the loss is largest nearby: behind a step of length rho uphill, the norm over all trained entries. */
export const sharp = (rho: number): Direction => named(sharpened, { numbers: { rho } });

const sharpened = ({ w, grad }: Descending, { rho }: Inputs) => {
  const uphill = grad();
  const length = tf.add(tf.sqrt(tf.sum(tf.square(uphill))), 1e-12);
  return grad({ at: tf.add(w, tf.mul(uphill, tf.div(rho, length))) });
};

/**
 * The gradient for w inside the mixture `share w + (1 - share) slot`: the pass is the mixture's, and its gradient reaches w by the
 * chain rule.
 */
export const mixture = (slot: string, share: number): Direction =>
  chosen(mixed, { slot }, { slots: [slot], numbers: { share } });

const mixed =
  ({ slot }: { readonly slot: string }) =>
  ({ w, grad }: Descending, inputs: Inputs) => {
    const { share } = inputs;
    const at = tf.add(tf.mul(w, share), tf.mul(inputs[slot], tf.sub(1, share)));
    return tf.mul(grad({ at }), share);
  };

/** Each direction takes the next one's for its gradient. */
export const chain = (...directions: readonly Direction[]): Direction => composed(directions, chained);

type Step = Direction["body"];

const chained =
  (parts: readonly { readonly body: Step; readonly of: (inputs: Inputs) => Inputs }[]): Step =>
  ({ w, grad }, inputs) => {
    const from = (index: number, at: tf.Tensor, request: Parameters<Descending["grad"]>[0]): tf.Tensor => {
      if (index === parts.length) return grad({ ...request, at });
      const next: Descending["grad"] = (more = {}) => from(index + 1, more.at ?? at, { ...request, ...more });
      return parts[index].body({ w: at, grad: next }, parts[index].of(inputs));
    };
    return from(0, w, {});
  };
