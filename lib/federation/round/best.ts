import type { State } from "../../core/state";
import { mean } from "../../core/mean";
import type { ClientStore, Kept } from "../store/client-store";

/** A model, the round that it is of, and the validation Dice for which it was kept. */
export interface Held {
  readonly round: number;
  readonly dice: number;
  /** Under `model`. */
  readonly kept: Kept;
}

/**
 * The models of the best rounds so far, by validation cases alone: of each client the one that predicts for it, and the global one by its mean
 * over the clients. The rounds of the released snapshots differ from client to client in just this way. The first of equal rounds stays.
 */
export interface Best {
  readonly personal: readonly Held[];
  readonly global: Held;
}

/** What a round came to: validation Dice of each client, of the model that predicts for it and of the global one. */
export interface Validated {
  readonly round: number;
  readonly personalDice: readonly number[];
  readonly globalDice: readonly number[];
}

interface Models {
  readonly global: State;
  readonly personal: (client: number) => State;
}

/** @returns the best models with those of a further round that are better. @param store keeps them */
export function bestWith(before: Best | undefined, validated: Validated, models: Models, store: ClientStore): Best {
  const { round, personalDice, globalDice } = validated;
  const better = (held: Held | undefined, dice: number, model: () => State): Held =>
    held && held.dice >= dice ? held : { round, dice, kept: store.keep({ model: model() }) };
  return {
    personal: personalDice.map((dice, client) => better(before?.personal[client], dice, () => models.personal(client))),
    global: better(before?.global, mean(globalDice), () => models.global),
  };
}

/** @returns what is to be kept, in an order that `bestOf` knows */
export const heldIn = (best: Best | undefined): readonly Held[] => (best ? [...best.personal, best.global] : []);

/** @returns the best models from what `heldIn` lists; nothing from an empty list */
export function bestOf(held: readonly Held[]): Best | undefined {
  return held.length === 0 ? undefined : { personal: held.slice(0, -1), global: held[held.length - 1] };
}
