import * as tf from "@tensorflow/tfjs-core";
import { Interrupted } from "../../core/errors";
import type { Random } from "../../core/random";
import type { State } from "../../core/state";
import { batchIndices, gather } from "../../data/set/batches";
import type { SliceSet } from "../../data/set/types";
import type { TrainOptions } from "../../methods/contract";
import type { OptimiserConfig } from "../../nets/run/optimisers";
import { createTrainer } from "../../nets/run/trainer";
import type { UNetShape } from "../../nets/model/unet-layout";

export interface TrainingConfig {
  readonly optimiser: OptimiserConfig;
  readonly batch: number;
  readonly localEpochs: number;
}

interface TrainBatches extends TrainOptions {
  readonly shape: UNetShape;
  readonly start: State;
  readonly slices: SliceSet;
  /** Indices of slices, batch by batch, in the order of training. */
  readonly batches: readonly ArrayLike<number>[];
  readonly optimiser: OptimiserConfig;
  /** Trains inside a mixture with a second model, which takes plain steps on the same batches: see `LocalContext.trainMixture`. */
  readonly mixture?: { readonly with: State; readonly share: number };
  readonly signal?: AbortSignal;
  readonly onBatch?: (loss: number) => void;
}

interface Trained {
  readonly state: State;
  readonly other?: State;
  readonly losses: readonly number[];
}

/**
 * One client's training with a fresh optimiser, as the official code rebuilds it every round (federated/model_trainer_segmentation.py).
 * Gives the event loop a turn after each batch, so that an interrupt is heard within one batch. Leaves no tensors behind.
 * @returns the trained state, the second model of a mixture, and the loss of each batch before its update
 * @throws Interrupted when the signal is aborted
 */
export async function trainOnBatches({
  batches,
  slices,
  signal,
  onBatch,
  mixture,
  ...rest
}: TrainBatches): Promise<Trained> {
  const other = mixture && createTrainer({ ...rest, start: mixture.with });
  const trainer = createTrainer({ ...rest, mixture: mixture && other && { other, share: mixture.share } });
  const losses: number[] = [];
  try {
    for (const indices of batches) {
      const { images, masks } = gather(slices, indices);
      const batch = tf.tensor4d(images, [indices.length, slices.height, slices.width, slices.channels]);
      const labels = tf.tensor3d(masks, [indices.length, slices.height, slices.width]);
      try {
        losses.push(await trainer.step(batch, labels));
        await other?.step(batch, labels);
      } finally {
        tf.dispose([batch, labels]);
      }
      onBatch?.(losses[losses.length - 1]);
      await new Promise(setImmediate);
      if (signal?.aborted) throw new Interrupted("training");
    }
    return { state: await trainer.state(), other: await other?.state(), losses };
  } finally {
    trainer.dispose();
    other?.dispose();
  }
}

/** @returns the shuffled batches of all local epochs of one round. */
export function localBatches(slices: SliceSet, { batch, localEpochs }: TrainingConfig, random: Random): Int32Array[] {
  return Array.from({ length: localEpochs }, (_, epoch) =>
    batchIndices(slices.count, batch, random.child(epoch)),
  ).flat();
}
