import * as tf from "@tensorflow/tfjs-core";
import { Interrupted } from "../../core/errors";
import type { Random } from "../../core/random";
import type { State } from "../../core/state";
import { gather } from "../../data/set/batches";
import type { SliceSet } from "../../data/set/types";
import type { BatchViews, Lens, TrainedSlot } from "../../methods/contract";
import { logitsOf } from "../../methods/parts/questions";
import type { Model } from "../../nets/model/model";
import type { Inputs } from "../../nets/run/named";
import type { OptimiserConfig } from "../../nets/run/optimisers";
import type { Draws, Recipe, View, Views } from "../../nets/run/recipe";
import { openSlot, type Slot, type StepLosses } from "../../nets/run/slot";
import { softDice } from "../../nets/run/soft-dice";
import type { Work } from "./work";

/** Replays draws in place of a recipe's own: what they are named, and for which slot, call and batch. */
export type Replay = (slot: string, batch: number) => ReturnType<Draws> | undefined;

interface SlotsToTrain {
  readonly model: Model;
  readonly slots: Readonly<Record<string, TrainedSlot>>;
  readonly slices: SliceSet;
  readonly batches: readonly BatchViews[];
  /** Default: images as they are. */
  readonly lens?: Lens;
  readonly optimiser: OptimiserConfig;
  readonly random: Random;
  readonly replay?: Replay;
  readonly signal?: AbortSignal;
  readonly onBatch?: (losses: StepLosses) => void;
}

export interface TrainedSlots {
  readonly states: Readonly<Record<string, State>>;
  /** Of every pass that gave a gradient, in order, before its step. */
  readonly losses: readonly number[];
  readonly work: Work;
}

interface OpenSlot {
  readonly name: string;
  readonly slot: Slot;
  readonly recipe: Recipe;
  /** The other slots that its functions read. */
  readonly others: readonly string[];
}

/**
 * Takes slots of weights over batches, with fresh optimisers, as the official code rebuilds its own every round
 * (federated/model_trainer_segmentation.py). On each batch the slots step one after the other, then come their `after`s in the same
 * order. Gives the event loop a turn after each batch, so that an interrupt is heard within one batch. Leaves no tensors behind.
 * @throws Interrupted when the signal is aborted, Diverged when a loss or a weight is not finite
 */
export async function trainSlots(given: SlotsToTrain): Promise<TrainedSlots> {
  const { batches, slices, lens, signal, onBatch } = given;
  const open = Object.entries(given.slots).map(([name, slot]) => openTrained(name, slot, given));
  const losses: number[] = [];
  const heard = new Set(open.flatMap(({ recipe }) => Object.values(recipe.hears ?? {}))).size;
  const steps = open.reduce((sum, { recipe }) => sum + (recipe.steps ?? 1), 0);
  try {
    for (const [index, indices] of batches.entries()) {
      const views = viewsOf(slices, indices, lens);
      let found: StepLosses = [];
      try {
        found = await passBatch(open, views, index, given);
      } finally {
        for (const { images, masks } of Object.values(views)) tf.dispose([images, masks as tf.Tensor]);
      }
      losses.push(...found.map(({ total }) => total));
      onBatch?.(found);
      await new Promise(setImmediate);
      if (signal?.aborted) throw new Interrupted("training");
    }
    const states: Record<string, State> = {};
    for (const { name, slot } of open) states[name] = await slot.state();
    const backwards = losses.length;
    const work = { steps: steps * batches.length, forwards: backwards + heard * batches.length, backwards };
    return { states, losses, work };
  } finally {
    for (const { slot } of open) slot.dispose();
  }
}

function openTrained(
  name: string,
  { start, model: around, recipe = {} }: TrainedSlot,
  { model, optimiser }: SlotsToTrain,
): OpenSlot {
  const whole: Recipe = { loss: softDice, ...recipe };
  const functions = [whole.loss, whole.pass, whole.direction, whole.after];
  const others = [...new Set(functions.flatMap((each) => each?.slots ?? []))];
  return {
    name,
    slot: openSlot({ model: around?.(model) ?? model, start, recipe: whole, optimiser }),
    recipe: whole,
    others,
  };
}

async function passBatch(
  open: readonly OpenSlot[],
  views: Views,
  index: number,
  { random, replay }: SlotsToTrain,
): Promise<StepLosses> {
  const losses: StepLosses[number][] = [];
  const besides = ({ others }: OpenSlot): Inputs =>
    Object.fromEntries(open.flatMap(({ name, slot }) => (others.includes(name) ? [[name, slot.vector()]] : [])));
  const { images } = Object.values(views)[0];
  const draw = ({ name, recipe }: OpenSlot, step: string): ReturnType<Draws> =>
    replay?.(name, index) ?? recipe.draws?.(random.child(`draws/${name}/${index}/${step}`), images.shape) ?? {};
  const heard = hear(open, images);
  for (const each of open) {
    for (let step = 0; step < (each.recipe.steps ?? 1); step++) {
      const draws = draw(each, String(step));
      losses.push(...(await each.slot.step(views, { ...besides(each), ...heard.inputsOf(each), ...draws })));
      tf.dispose(draws);
    }
  }
  heard.dispose();
  for (const each of open) if (each.recipe.after) each.slot.after(besides(each));
  return losses;
}

/** What slots answer that others listen to. */
function hear(open: readonly OpenSlot[], images: tf.Tensor4D) {
  const asked = new Set(open.flatMap(({ recipe }) => Object.values(recipe.hears ?? {})));
  const answers = Object.fromEntries(
    open.flatMap(({ name, slot }) => (asked.has(name) ? [[name, slot.ask(logitsOf, images)[0]]] : [])),
  ) as Record<string, tf.Tensor>;
  const inputsOf = ({ recipe: { hears = {} } }: OpenSlot): Inputs =>
    Object.fromEntries(Object.entries(hears).map(([input, from]) => [input, answers[from]]));
  return { inputsOf, dispose: () => tf.dispose(answers) };
}

function viewsOf(slices: SliceSet, batch: BatchViews, lens: Lens = (images) => images): Record<string, View> {
  const { height, width, channels } = slices;
  const view = (indices: ArrayLike<number>): View => {
    const { images, masks } = gather(slices, indices);
    const size: [number, number, number, number] = [indices.length, height, width, channels];
    return {
      images: tf.tensor4d(lens(images, size), size),
      masks: tf.tensor3d(masks, [indices.length, height, width]),
    };
  };
  return Object.fromEntries(Object.entries(batch).map(([name, indices]) => [name, view(indices)]));
}
