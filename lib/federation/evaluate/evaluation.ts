import * as tf from "@tensorflow/tfjs-core";
import { assertFinite } from "../../core/diverged";
import { Interrupted } from "../../core/errors";
import { mean } from "../../core/mean";
import type { State } from "../../core/state";
import { gather, sequentialBatches } from "../../data/set/batches";
import type { SliceSet } from "../../data/set/types";
import type { Lens } from "../../methods/contract";
import { meanScores, scoreMasks, type MaskScores } from "../../metrics/score";
import { createPredictor } from "../../nets/run/predictor";
import type { UNetShape } from "../../nets/model/unet-layout";

/** The scores of one patient's volume (its labelled slices); where there are several structures, their means. */
export interface CaseScore extends MaskScores {
  readonly id: string;
  readonly slices: number;
  /** Of each structure by itself, in a set that has several. */
  readonly structures?: Readonly<Record<string, MaskScores>>;
}

/** Slices that are predicted at once: larger batches are no faster on a CPU and cost memory. */
export const inferenceBatch = 16;

/**
 * Predicts every slice, batch by batch, in order. Only images are handed to `predict`: labels cannot reach it.
 * @param predict returns logits `[batch, height, width, class]`, which are disposed here
 * @param lens how images look before they are predicted
 * @param afterBatch is awaited after each batch, to report progress or to stop by throwing
 * @returns the predicted classes `[count, height, width]`
 */
export async function predictMasks(
  slices: SliceSet,
  batch: number,
  predict: (images: tf.Tensor4D) => tf.Tensor4D | Promise<tf.Tensor4D>,
  afterBatch?: () => Promise<void>,
  lens?: Lens,
): Promise<Uint8Array> {
  const area = slices.height * slices.width;
  const masks = new Uint8Array(slices.count * area);
  await visitImages(
    slices,
    batch,
    async (images, first) => {
      const logits = await predict(images);
      const classes = tf.argMax(logits, 3);
      masks.set(await classes.data<"int32">(), first * area);
      tf.dispose([logits, classes]);
    },
    afterBatch,
    lens,
  );
  return masks;
}

/**
 * Goes over all slices, batch by batch, in order.
 * @param see gets their images, which are disposed of behind it, and the place of the first slice
 */
export async function visitImages(
  slices: SliceSet,
  batch: number,
  see: (images: tf.Tensor4D, first: number) => void | Promise<void>,
  afterBatch?: () => Promise<void>,
  lens: Lens = (images) => images,
): Promise<void> {
  for (const indices of sequentialBatches(slices.count, batch)) {
    const shape: [number, number, number, number] = [indices.length, slices.height, slices.width, slices.channels];
    const images = tf.tensor4d(lens(gather(slices, indices).images, shape), shape);
    try {
      await see(images, indices[0]);
    } finally {
      images.dispose();
    }
    await afterBatch?.();
  }
}

/** Scores predicted masks case by case against the labels of the set. `surfaces` adds the distances, which cost more than Dice. */
export function scoreCases(masks: Uint8Array, slices: SliceSet, surfaces = true): CaseScore[] {
  const area = slices.height * slices.width;
  return slices.cases.map(({ id, first, count, spacing }) => {
    const range = [first * area, (first + count) * area] as const;
    const shape = [count, slices.height, slices.width] as const;
    const [predicted, reference] = [masks.subarray(...range), slices.masks.subarray(...range)];
    if (!slices.structures) return { id, slices: count, ...scoreMasks(predicted, reference, shape, spacing, surfaces) };
    const scores = slices.structures.map(({ classes }) => {
      const within = (mask: Uint8Array) => mask.map((value) => (classes.includes(value) ? 1 : 0));
      return scoreMasks(within(predicted), within(reference), shape, spacing, surfaces);
    });
    const structures = Object.fromEntries(slices.structures.map((structure, index) => [structure.id, scores[index]]));
    return { id, slices: count, ...meanScores(scores), structures };
  });
}

/** A class comes of logits that are no numbers too, so they are looked at. @throws Diverged when one of them is not finite */
export async function finiteLogits(logits: tf.Tensor4D): Promise<tf.Tensor4D> {
  const sum = tf.sum(logits); // with one value that is none, the sum is none
  const values = await sum.data();
  sum.dispose();
  try {
    assertFinite(values, "the sum of the logits");
    return logits;
  } catch (error) {
    logits.dispose();
    throw error;
  }
}

export interface EvaluationOptions {
  /** Whether distances between surfaces are wanted too (default: yes). */
  readonly surfaces?: boolean;
  readonly signal?: AbortSignal;
  /** How the model sees images (default: as they are). */
  readonly lens?: Lens;
}

/** Weights below this give logits far from the end of float32; it spares their check in every round. */
const harmless = 1e3;

/**
 * Predicts with a model's running statistics and scores every case. Gives the event loop a turn after each batch, so that helpers and
 * interrupts are heard. Leaves no tensors behind.
 * @throws Interrupted when the signal is aborted, Diverged when a weight or a logit is not finite
 */
export async function evaluateModel(
  shape: UNetShape,
  state: State,
  slices: SliceSet,
  { surfaces = true, signal, lens }: EvaluationOptions = {},
): Promise<CaseScore[]> {
  assertFinite(state.values, "a weight");
  const large = state.values.some((value) => Math.abs(value) > harmless);
  const predictor = createPredictor(shape, state);
  const turn = async (): Promise<void> => {
    await new Promise(setImmediate);
    if (signal?.aborted) throw new Interrupted("evaluation");
  };
  try {
    const predict = (images: tf.Tensor4D) => {
      const logits = predictor.predict(images);
      return large ? finiteLogits(logits) : logits;
    };
    return scoreCases(await predictMasks(slices, inferenceBatch, predict, turn, lens), slices, surfaces);
  } finally {
    predictor.dispose();
  }
}

/** @returns the mean volumetric Dice over cases. */
export function meanDice(cases: readonly CaseScore[]): number {
  return mean(cases.map(({ dice }) => dice));
}
