import type { Random } from "../../core/random";
import { batchIndices } from "../../data/set/batches";
import type { SliceSet } from "../../data/set/types";
import type { BatchViews, TrainOptions } from "../../methods/contract";
import type { OptimiserConfig } from "../../nets/run/optimisers";
import type { Protocol } from "../round/protocol";

export interface TrainingConfig {
  readonly optimiser: OptimiserConfig;
  readonly batch: number;
  readonly localEpochs: number;
  /** Which round's models are left behind: the last, or of each client the one that validates best (default: the last). */
  readonly selection?: "last" | "validation";
  /** Default: every client takes part in every round, and counts by its slices. */
  readonly protocol?: Protocol;
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
export const shuffledBatches: Sampler = ({ slices, training, random, views, most, epochs, epoch: only }) => {
  const own = Array.from({ length: epochs ?? training.localEpochs }, (_, epoch) => epoch)
    .filter((epoch) => only === undefined || epoch === only)
    .flatMap((epoch) => batchIndices(slices.count, training.batch, random.child(epoch)));
  return (views?.(own) ?? own.map((indices) => ({ batch: indices }))).slice(0, most);
};
