import { weightedMean, withPart, type State } from "../../core/state";
import type { Bag, Update } from "../contract";

interface Arrived {
  readonly server: Bag;
  readonly updates: readonly Update[];
}

/** @returns the mean of the models that were sent, with one of them in memory at a time */
export function meanModel(updates: readonly Update[], weightOf: (update: Update) => number): State {
  function* models(): Generator<State> {
    for (const { sent } of updates) yield sent.model;
  }
  return weightedMean(models(), updates.map(weightOf));
}

/** The new global model: the mean of the entries that were sent; the others stay, and so does all where nothing arrived. */
const average =
  (weightOf: (update: Update) => number) =>
  ({ server, updates }: Arrived): Bag =>
    updates.length === 0 ? server : { ...server, model: withPart(server.model, meanModel(updates, weightOf)) };

/** What a server makes of the models that arrive. */
export const averaging = {
  /** FedAvg's (McMahan et al., AISTATS 2017, Alg. 1): n_k / n, or as the protocol weighs clients. */
  slices: average(({ weight }) => weight),
  /** 1 / K, whatever the protocol. */
  uniform: average(() => 1),
};
