import * as tf from "@tensorflow/tfjs-core";
import { Diverged } from "../../core/diverged";
import { Interrupted } from "../../core/errors";
import type { Random } from "../../core/random";
import type { SliceSet } from "../../data/set/types";
import type { AdaptContext, Adaptation, Adapter, AdaptedSlot, Lens, ModelBank, Visit } from "../../methods/contract";
import { unet } from "../../nets/model/unet";
import { openSlot, type Slot } from "../../nets/run/slot";
import { finiteLogits, predictMasks, scoreCases, visitImages, type CaseScore } from "./evaluation";

export interface AdaptationSpec {
  readonly method: Adaptation;
  readonly params: unknown;
  readonly bank: ModelBank;
  /** All slices of the held-out site. The method sees the images only; the labels are read afterwards, to score. */
  readonly outside: SliceSet;
  readonly batch: number;
  /** Passes over the outside set for a method that adapts. */
  readonly epochs: number;
  readonly random: Random;
  /** How the models of the bank see images (default: as they are). */
  readonly lens?: Lens;
  /** Gives draws in place of a method's own. */
  readonly replay?: (name: string) => Record<string, tf.Tensor> | undefined;
}

/** One pass over the outside set. */
export interface EpochRecord {
  readonly epoch: number;
  readonly cases: readonly CaseScore[];
  readonly telemetry: Readonly<Record<string, readonly number[]>>;
}

export interface AdaptationHooks {
  readonly signal?: AbortSignal;
  readonly onBatch?: (done: number, total: number) => void;
  /** Before a divergence is thrown: the passes that were finished. */
  readonly onDiverged?: (epochs: readonly EpochRecord[]) => void;
}

/** A method at work, with the slots and draws that it has asked for. */
export interface OpenAdapter extends Required<Pick<Adapter, "epochs" | "before" | "predict" | "telemetry">> {
  dispose(): void;
}

type AdapterSpec = Pick<AdaptationSpec, "method" | "params" | "bank" | "epochs" | "random" | "replay">;

/** Opens a method on a bank. Whatever it opens or draws is disposed of with the adapter. */
export function openAdapter({ method, params, bank, epochs, random, replay }: AdapterSpec): OpenAdapter {
  const slots: Slot[] = [];
  let drawn: Record<string, tf.Tensor>[] = [];
  const forget = (): void => {
    tf.dispose(drawn);
    drawn = [];
  };
  const context: AdaptContext<unknown> = {
    bank,
    params,
    epochs,
    random,
    slot({ model = unet(bank.shape), start, recipe = {} }: AdaptedSlot) {
      const slot = openSlot({ model, start, recipe, optimiser: plainAdam });
      slots.push(slot);
      return slot;
    },
    draw(name, make) {
      const draws = replay?.(name) ?? make();
      drawn.push(draws);
      return draws;
    },
  };
  const adapter = method.open(context);
  return {
    epochs: adapter.epochs ?? 1,
    before: async (visit) => adapter.before?.(visit),
    async predict(images) {
      try {
        return await adapter.predict(images);
      } finally {
        forget();
      }
    },
    telemetry: () => adapter.telemetry?.() ?? {},
    dispose() {
      forget();
      for (const slot of slots) slot.dispose();
      adapter.dispose?.();
    },
  };
}

/** For a recipe that names no optimiser (official code, io_pfl). */
const plainAdam = { kind: "adam", learningRate: 1e-3 } as const;

/**
 * Lets a test-time method pass over the unlabelled images of a held-out site and scores each pass. The last pass is the result;
 * earlier ones are recorded, so that an oracle's choice among them can be shown as such. Leaves no tensors behind.
 * @throws Diverged naming the pass when a loss, a weight or a logit is not finite, with the passes before it
 */
export async function runAdaptation(
  spec: AdaptationSpec,
  hooks: AdaptationHooks = {},
): Promise<{ epochs: EpochRecord[]; masks: Uint8Array }> {
  const { outside, batch } = spec;
  const adapter = openAdapter(spec);
  const batchesPerEpoch = Math.ceil(outside.count / batch);
  const epochs: EpochRecord[] = [];
  let masks: Uint8Array = new Uint8Array();
  let done = 0;
  const turn = async () => {
    await new Promise(setImmediate);
    if (hooks.signal?.aborted) throw new Interrupted("test-time adaptation");
  };
  const afterBatch = async () => {
    hooks.onBatch?.(++done, adapter.epochs * batchesPerEpoch);
    await turn();
  };
  const visit: Visit = (see) => visitImages(outside, batch, see, turn, spec.lens);
  try {
    for (let epoch = 1; epoch <= adapter.epochs; epoch++) {
      await adapter.before(visit);
      const predict = async (images: tf.Tensor4D) => finiteLogits(await adapter.predict(images));
      masks = await predictMasks(outside, batch, predict, afterBatch, spec.lens);
      epochs.push({ epoch, cases: scoreCases(masks, outside), telemetry: adapter.telemetry() });
    }
    return { epochs, masks };
  } catch (error) {
    if (error instanceof Diverged) {
      hooks.onDiverged?.(epochs);
      throw error.in({ method: spec.method.id, round: epochs.length + 1 });
    }
    throw error;
  } finally {
    adapter.dispose();
  }
}
