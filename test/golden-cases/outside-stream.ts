import * as tf from "@tensorflow/tfjs-core";
import { createRandom } from "../../lib/core/random";
import type { State } from "../../lib/core/state";
import { openAdapter, type OpenAdapter } from "../../lib/federation/evaluate/adaptation";
import type { AdaptContext, Adaptation, Visit } from "../../lib/methods/contract";
import { adaptationOf } from "../../lib/methods/registry";
import type { Slot } from "../../lib/nets/run/slot";
import type { GoldenCase } from "./golden-case";
import { asStored, besideFirst, fillState, images, partialState, shapeOf } from "./network";

export interface StreamSettings {
  readonly clients: number;
  readonly batches: readonly number[];
}

export type Drawn = Record<string, tf.Tensor> | undefined;

/** A method of the project on the oracle's bank, with whatever it opens in sight. */
export interface OpenStream {
  readonly adapter: OpenAdapter;
  /** In the order in which they were opened. */
  readonly slots: readonly Slot[];
  /** Passes over the stream, as the runner lets a method do before it predicts. */
  readonly visit: Visit;
}

interface StreamRun {
  readonly id: string;
  readonly params?: object;
  readonly replay?: (name: string) => Drawn;
  /** What the global model carries beside the network. */
  readonly carries?: (global: State) => State;
}

export const floats = (golden: GoldenCase, key: string) => golden.tensor(key).data as Float32Array;
export const streamOf = (golden: GoldenCase) => golden.json.settings as StreamSettings;
export const inputOf = (golden: GoldenCase, batch: number) => images(golden.tensor(`in/batch${batch}/input`));

/** Opens a method; gates start from the oracle's. */
export function openStream(
  golden: GoldenCase,
  { id, params = {}, replay, carries = (global) => global }: StreamRun,
): OpenStream {
  const { clients, batches } = streamOf(golden);
  const shape = shapeOf(golden, "in/global/");
  const model = (name: string) => partialState(golden, `in/${name}/`, shape);
  const { method, slots } = watch(golden, adaptationOf(id));
  const personal = Array.from({ length: clients }, (_, client) => model(`client${client}`));
  const bank = { shape, personal, global: carries(model("global")) };
  const random = createRandom("golden");
  const adapter = openAdapter({ method, params: method.params.parse(params), bank, epochs: 1, random, replay });
  const visit: Visit = async (see) => {
    for (const batch of batches.keys()) {
      const input = inputOf(golden, batch);
      await see(input);
      input.dispose();
    }
  };
  return { adapter, slots, visit };
}

/** Predicts every batch of the stream, as one pass of the runner. @param each hears of every batch; logits are disposed of behind it */
export async function passStream(
  golden: GoldenCase,
  { adapter, visit }: Pick<OpenStream, "adapter" | "visit">,
  each: (batch: number, logits: tf.Tensor4D) => void | Promise<void>,
): Promise<void> {
  await adapter.before(visit);
  for (const batch of streamOf(golden).batches.keys()) {
    const input = inputOf(golden, batch);
    const logits = await adapter.predict(input);
    await each(batch, logits);
    tf.dispose([input, logits]);
  }
}

/** Takes a method over the stream once and compares what it predicts. @returns what it told of itself, batch by batch */
export async function checkLogits(
  golden: GoldenCase,
  place: string,
  run: StreamRun,
  { stored = "logits" }: { readonly stored?: string } = {},
): Promise<Readonly<Record<string, readonly number[]>>[]> {
  const stream = openStream(golden, run);
  const told: Readonly<Record<string, readonly number[]>>[] = [];
  await passStream(golden, stream, async (batch, logits) => {
    const key = `${place}/batch${batch}/${stored}`;
    golden.compare(key, await asStored(logits), floats(golden, key), `${place}/${stored}`);
    told.push(stream.adapter.telemetry());
  });
  stream.adapter.dispose();
  return told;
}

/** Compares the losses that a method tells of a batch with those stored for it. */
export function compareTold(
  golden: GoldenCase,
  place: string,
  key: string,
  told: Readonly<Record<string, readonly number[]>>,
): void {
  for (const stored of golden.keys(`${key}/loss/`)) {
    const term = stored.slice(`${key}/loss/`.length);
    const found = told[`loss/${term}`];
    if (!found) throw new Error(`${place} tells nothing of loss/${term}`);
    golden.compare(stored, found, floats(golden, stored), `${place}/loss/${term}`);
  }
}

/** Compares what a slot became with the entries that are stored, behind Adam's steps. */
export async function compareSlot(
  golden: GoldenCase,
  [key, group]: readonly [key: string, group: string],
  slot: Slot,
  rate: number,
  steps: number,
): Promise<void> {
  if (golden.keys(`${key}/`).length === 0) return;
  const { got, want } = besideFirst(golden, await slot.state(), `${key}/`);
  golden.compareAfterAdam(key, got, want, group, rate, steps);
}

/** The same method; its slots are remembered, and gates start from the oracle's. */
function watch(golden: GoldenCase, method: Adaptation): { method: Adaptation; slots: Slot[] } {
  const slots: Slot[] = [];
  const open = (context: AdaptContext<unknown>) =>
    method.open({
      ...context,
      slot(config) {
        const gates = config.start.layout.some(({ name }) => golden.has(`in/gates/${name}`));
        const start = gates ? fillState(golden, "in/gates/", config.start) : config.start;
        const slot = context.slot({ ...config, start });
        slots.push(slot);
        return slot;
      },
    });
  return { method: { ...method, open }, slots };
}
