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
  /** Shares in whole per cents, of which the last client takes what is left (FedDG-ELCFS, train_ELCFS.py:69). */
  percents(arrived: Arrived): Bag {
    const total = arrived.updates.reduce((sum, { weight }) => sum + weight, 0);
    const shares = arrived.updates.map(({ weight }) => Math.round((100 * weight) / total));
    const rest = 100 - shares.slice(0, -1).reduce((sum, share) => sum + share, 0);
    return average((update) => {
      const index = arrived.updates.indexOf(update);
      return index === shares.length - 1 ? rest : shares[index];
    })(arrived);
  },
};
