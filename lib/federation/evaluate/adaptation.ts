import { Interrupted } from "../../core/errors";
import type { Random } from "../../core/random";
import type { SliceSet } from "../../data/set/types";
import type { ModelBank, OutsideMethod } from "../../methods/contract";
import { predictMasks, scoreCases, type CaseScore } from "./evaluation";

export interface AdaptationSpec {
  readonly method: OutsideMethod;
  readonly params: unknown;
  readonly bank: ModelBank;
  /** All slices of the held-out site. The method sees the images only; the labels are read afterwards, to score. */
  readonly outside: SliceSet;
  readonly batch: number;
  /** Passes over the outside set for a method that adapts. */
  readonly epochs: number;
  readonly random: Random;
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
}

/**
 * Lets a test-time method pass over the unlabelled images of a held-out site and scores each pass. The last pass is the result;
 * earlier ones are recorded, so that an oracle's choice among them can be shown as such. Leaves no tensors behind.
 */
export async function runAdaptation(
  spec: AdaptationSpec,
  hooks: AdaptationHooks = {},
): Promise<{ epochs: EpochRecord[]; masks: Uint8Array }> {
  const { method, params, bank, outside, batch, epochs: budget, random } = spec;
  const adapter = method.start({ bank, params, epochs: budget, random });
  const batchesPerEpoch = Math.ceil(outside.count / batch);
  const epochs: EpochRecord[] = [];
  let masks: Uint8Array = new Uint8Array();
  let done = 0;
  const afterBatch = async () => {
    hooks.onBatch?.(++done, adapter.epochs * batchesPerEpoch);
    await new Promise(setImmediate);
    if (hooks.signal?.aborted) throw new Interrupted("test-time adaptation");
  };
  try {
    for (let epoch = 1; epoch <= adapter.epochs; epoch++) {
      masks = await predictMasks(outside, batch, (images) => adapter.predict(images), afterBatch);
      epochs.push({ epoch, cases: scoreCases(masks, outside), telemetry: adapter.telemetry?.() ?? {} });
    }
    return { epochs, masks };
  } finally {
    adapter.dispose();
  }
}
