import * as tf from "@tensorflow/tfjs-core";
import { hashOf } from "../../core/hash";
import type { Entry, State } from "../../core/state";
import { createDescent, type GradientOf } from "./descent";
import { oneHotMasks, softDiceLoss } from "../model/losses";
import type { OptimiserConfig } from "./optimisers";
import { download, namedTensors, select, upload } from "../model/parameters";
import { batchNormMomentum, forwardWithBatchStatistics } from "../model/unet";
import type { UNetShape } from "../model/unet-layout";

export interface TrainerConfig {
  readonly shape: UNetShape;
  readonly start: State;
  readonly optimiser: OptimiserConfig;
  /** Adds `strength / 2 * ||w - to||^2` over the trained entries to what is minimised (FedProx, Ditto). */
  readonly proximal?: { readonly to: State; readonly strength: number };
  /** Which weights are trained (default: all). Running statistics follow every batch in any case, as in PyTorch's train mode. */
  readonly trainable?: (entry: Entry) => boolean;
  /**
   * Trains the weights inside `share * w + (1 - share) * w_other`, where `other` trains the same entries and is stepped and disposed of
   * by the caller: the forward pass is the mixture's, and its gradient reaches w by the chain rule (APFL).
   */
  readonly mixture?: { readonly other: Trainer; readonly share: number };
}

/** A U-Net in training with soft Dice. Keeps tensors, whatever `tf.tidy` it is used in, until it is disposed of. */
export interface Trainer {
  /**
   * One step of the optimiser.
   * @param images `[batch, height, width, channel]`
   * @param masks classes, `[batch, height, width]` or with a last axis of 1; both stay the caller's
   * @returns the soft Dice loss before the step, without the proximal term
   */
  step(images: tf.Tensor4D, masks: tf.Tensor3D | tf.Tensor4D): Promise<number>;
  /** The trained weights as they are now, one behind the other; the trainer's to dispose. */
  weights(): tf.Tensor1D;
  /** The model as it is now, on the host. */
  state(): Promise<State>;
  dispose(): void;
}

export function createTrainer({
  shape,
  start,
  optimiser,
  proximal,
  trainable = () => true,
  mixture,
}: TrainerConfig): Trainer {
  const trained = select(start.layout, (entry) => entry.kind === "weight" && trainable(entry));
  const frozen = select(start.layout, (entry) => entry.kind === "weight" && !trainable(entry));
  const running = select(start.layout, ({ kind }) => kind === "statistic");
  const descent = createDescent(optimiser, upload(start, trained));
  const fixed = tf.keep(upload(start, frozen));
  const anchor = proximal && tf.keep(upload(proximal.to, trained));
  const key = `train ${hashOf({ shape: { ...shape }, trained: trained.entries.map(({ name }) => name), strength: proximal?.strength, share: mixture?.share })}`;
  let statistics = tf.keep(upload(start, running));
  let steps = 0;

  const gradientOf: GradientOf = (weights, [images, masks, before, others, ...further]) => {
    const [batch, height, width] = images.shape;
    const truth = oneHotMasks(tf.reshape(masks, [batch, height, width]), shape.classes);
    let seen = before as tf.Tensor1D;
    const objective = (vector: tf.Tensor): tf.Scalar => {
      const parameters = new Map([
        ...namedTensors(vector as tf.Tensor1D, trained),
        ...namedTensors(others as tf.Tensor1D, frozen),
      ]);
      const { logits, statistics: ofBatch } = forwardWithBatchStatistics(shape, parameters, images as tf.Tensor4D);
      seen = tf.keep(ofBatch);
      return softDiceLoss(logits, truth);
    };
    const mixed = mixture && further[further.length - 1];
    const at = mixed ? tf.add(tf.mul(weights, mixture.share), tf.mul(mixed, 1 - mixture.share)) : weights;
    const { value, grad } = tf.valueAndGrad(objective)(at);
    const own = mixture ? tf.mul(grad, mixture.share) : grad;
    const pull = proximal && tf.mul(tf.sub(weights, further[0]), proximal.strength);
    const folded = tf.add(tf.mul(before, 1 - batchNormMomentum), tf.mul(seen, batchNormMomentum));
    seen.dispose();
    return { gradient: (pull ? tf.add(own, pull) : own) as tf.Tensor1D, results: [value, folded] };
  };

  return {
    async step(images, masks) {
      const further = [...(anchor ? [anchor] : []), ...(mixture ? [mixture.other.weights()] : [])];
      const [value, folded] = descent.step(key, gradientOf, [images, masks, statistics, fixed, ...further]);
      statistics.dispose();
      statistics = tf.keep(folded as tf.Tensor1D);
      steps++;
      const [loss] = await value.data();
      value.dispose();
      return loss;
    },
    weights: () => descent.vector(),
    async state() {
      const values = start.values.slice();
      await download(descent.vector(), trained, values);
      await download(statistics, running, values);
      for (const { kind, offset } of start.layout) {
        // An averaged counter is a fraction, which PyTorch cuts off when it loads it into its integer buffer.
        if (kind === "counter") values[offset] = Math.trunc(start.values[offset]) + steps;
      }
      return { layout: start.layout, values };
    },
    dispose() {
      tf.dispose([statistics, fixed]);
      anchor?.dispose();
      descent.dispose();
    },
  };
}
