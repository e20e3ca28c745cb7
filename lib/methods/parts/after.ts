import * as tf from "@tensorflow/tfjs-core";
import type { State } from "../../core/state";
import { chosen, named, type Inputs } from "../../nets/run/named";
import type { After, Descending } from "../../nets/run/recipe";

/** `share w + (1 - share) slot`: a moving average over another slot. */
export const average = (slot: string, share: number): After =>
  chosen(averaged, { slot }, { slots: [slot], numbers: { share } });

const averaged =
  ({ slot }: { readonly slot: string }) =>
  ({ w }: Pick<Descending, "w">, inputs: Inputs) =>
    tf.add(tf.mul(w, inputs.share), tf.mul(inputs[slot], tf.sub(1, inputs.share)));

/** Puts elements back to where they came from: those at which the drawn `restore` is 1. */
export const restored = (to: State): After => named(restoredTo, { states: { source: to } });

const restoredTo = ({ w }: Pick<Descending, "w">, { source, restore }: Inputs) =>
  tf.add(tf.mul(w, tf.sub(1, restore)), tf.mul(source, restore));
