import type { Random } from "../../core/random";
import { batchIndices } from "../../data/set/batches";
import type { SliceSet } from "../../data/set/types";
import type { BatchViews, TrainOptions } from "../../methods/contract";
import type { OptimiserConfig } from "../../nets/run/optimisers";

export interface TrainingConfig {
  readonly optimiser: OptimiserConfig;
  readonly batch: number;
  readonly localEpochs: number;
}

/** Gives a client's batches in one call of local training. @param random the same for every call of a round */
export type Sampler = (request: SampleRequest) => readonly BatchViews[];

export interface SampleRequest extends TrainOptions {
  /** Index among the clients. */
  readonly client: number;
  readonly round: number;
  /** Behind the last round, where a method tunes before it predicts. */
  readonly finishing: boolean;
  readonly slices: SliceSet;
  readonly training: TrainingConfig;
  readonly random: Random;
}

/** The shuffled batches of all local epochs of one round, as the method wants to see them. */
export const shuffledBatches: Sampler = ({ slices, training: { batch, localEpochs }, random, views, most }) => {
  const epochs = Array.from({ length: localEpochs }, (_, epoch) =>
    batchIndices(slices.count, batch, random.child(epoch)),
  );
  const own = epochs.flat();
  return (views?.(own) ?? own.map((indices) => ({ batch: indices }))).slice(0, most);
};
