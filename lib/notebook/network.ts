import * as tf from "@tensorflow/tfjs-core";
import { createRandom } from "../core/random";
import type { State } from "../core/state";
import { where } from "../core/where";
import { batchIndices, gather } from "../data/set/batches";
import type { SliceSet } from "../data/set/types";
import { startEngine, type EngineChoice } from "../engine";
import { oneHotMasks, softDiceLoss } from "../nets/model/losses";
import type { Forward, Model, Pass } from "../nets/model/model";
import { namedTensors, select, upload, uploadAll, type Parameters } from "../nets/model/parameters";
import { unet } from "../nets/model/unet";
import { softDice } from "../nets/run/soft-dice";
import { openSlot, type Slot } from "../nets/run/slot";
import { readProfile, readTask } from "../records/config";
import { createBundle, presentation, type Bundle } from "./bundle";
import { blockRows, drawNetwork, type BlockRow } from "./network-drawing";
import { featureMaps } from "./feature-maps";
import { figure } from "./figure";

/** Labelled slices on the engine; the cell's to dispose of with `tf.dispose(batch)`. */
export interface LabelledBatch extends Record<string, tf.Tensor> {
  /** `[batch, height, width, channel]`, normalised. */
  readonly images: tf.Tensor4D;
  /** Classes `[batch, height, width]`. */
  readonly masks: tf.Tensor3D;
  /** The same, one-hot: `[batch, height, width, class]`. */
  readonly truth: tf.Tensor4D;
}

/** How much one entry of the weights is asked to move. */
export interface EntryGradient {
  readonly entry: string;
  readonly block: string;
  /** The root of the mean square of its weights, and of the loss's gradient by them. */
  readonly weights: number;
  readonly gradient: number;
}

/** The network of a task at the size of a profile, and what one does with it by hand. */
export interface Network {
  readonly model: Model;
  /** Pixels along each side of its images. */
  readonly side: number;
  /** One row for each block, in the order in which images pass them. */
  readonly blocks: readonly BlockRow[];
  /** Its blocks as they are connected. */
  drawing(): Promise<Bundle>;
  /** Random training slices of a site. */
  batch(set: SliceSet, options: { readonly size: number; readonly seed: number }): LabelledBatch;
  /** Weights before training, as PyTorch draws them; equal seeds give equal weights. */
  init(seed: number): State;
  /** Passes images; call it inside `tf.tidy`. @param statistics which normalise: those of the batch, or those that the weights carry */
  apply(weights: State, images: tf.Tensor4D, statistics?: Pass["statistics"]): Forward;
  /** Soft Dice loss of a batch, normalised by its own statistics. */
  loss(weights: State, batch: LabelledBatch): number;
  /** The loss's gradient by back-propagation: in the order of the layout, and entry by entry. */
  gradient(weights: State, batch: LabelledBatch): { readonly values: Float32Array; readonly entries: EntryGradient[] };
  /** What the first slice of a batch becomes in every block, and the probability of its foreground. */
  maps(weights: State, batch: LabelledBatch): Bundle;
  /** Weights that take steps on batches as a client's do: `await slot.step({ batch })`; the cell's to dispose of. */
  open(weights: State): Slot;
}

/**
 * @param taskId of a file in configs/tasks
 * @throws WorkbenchError when an id or the engine is unknown
 */
export async function network(
  taskId: string,
  { profile, engine = "auto" }: { readonly profile: string; readonly engine?: EngineChoice },
): Promise<Network> {
  const task = readTask(taskId);
  const { net, data, training } = readProfile(profile);
  await startEngine(engine);
  const { side } = data;
  const model = unet({ inChannels: task.inChannels, classes: task.classes, features: net.features });
  const blocks = blockRows(model.shape, side);
  const trained = select(model.layout, where.trained);
  const statistics = { statistics: "batch" } as const;
  const lossOf = (parameters: Parameters, { images, truth }: LabelledBatch): tf.Scalar =>
    softDiceLoss(model.apply(parameters, images, statistics, []).logits, truth);
  const self: Network = {
    model,
    side,
    blocks,
    drawing: () => figure(drawNetwork(blocks)),
    batch(set, { size, seed }) {
      const { count, height, width, channels } = set;
      const [chosen] = batchIndices(count, size, createRandom(seed).child("batch"));
      const { images, masks } = gather(set, chosen);
      const classes = tf.tensor3d(masks, [chosen.length, height, width]);
      return {
        images: tf.tensor4d(images, [chosen.length, height, width, channels]),
        masks: classes,
        truth: oneHotMasks(classes, task.classes),
      };
    },
    init: (seed) => model.init(createRandom(seed)),
    apply: (weights, images, of = "batch") => model.apply(uploadAll(weights), images, { statistics: of }, []),
    loss: (weights, batch) => tf.tidy(() => lossOf(uploadAll(weights), batch).dataSync()[0]),
    gradient(weights, batch) {
      const values = tf.tidy(() =>
        tf
          .grad((vector) => lossOf(new Map(namedTensors(vector as tf.Tensor1D, trained)), batch))(
            upload(weights, trained),
          )
          .dataSync<"float32">(),
      );
      let position = 0;
      const entries = trained.entries.map(({ name, block, offset, size }) => ({
        entry: name,
        block,
        weights: rootMeanSquare(weights.values.subarray(offset, offset + size)),
        gradient: rootMeanSquare(values.subarray(position, (position += size))),
      }));
      return { values, entries };
    },
    maps: (weights, batch) => featureMaps(blocks, side, () => self.apply(weights, batch.images), batch),
    open: (weights) => openSlot({ model, start: weights, recipe: { loss: softDice }, optimiser: training.optimiser }),
  };
  const numbers = blocks.reduce((sum, block) => sum + block.trained, 0);
  const text = `U-Net of ${net.features} features, ${side}x${side} pixels, ${task.classes} classes: ${numbers} trained numbers`;
  return Object.assign(self, { [presentation]: () => createBundle({ "text/plain": text }) });
}

function rootMeanSquare(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
}
