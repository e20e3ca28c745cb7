import * as tf from "@tensorflow/tfjs-core";
import type { State } from "../../lib/core/state";
import type { SliceSet } from "../../lib/data/set/types";
import type { BatchViews, Training } from "../../lib/methods/contract";
import { trainingOf } from "../../lib/methods/registry";
import { createPredictor } from "../../lib/nets/run/predictor";
import { federate, slicesOf, type Outcome } from "./federate";
import type { GoldenCase } from "./golden-case";
import { asStored, besideFirst, fillState, partialState, shapeOf } from "./network";
import { floats, inputOf, streamOf } from "./outside-stream";

export interface StepRun {
  readonly place: string;
  readonly id: string;
  readonly params?: object;
  readonly rate: number;
  readonly replay?: () => Record<string, tf.Tensor>;
  /** What the client is sent beside the model. */
  readonly sent?: Readonly<Record<string, State>>;
  /** Default: the oracle's training images. */
  readonly slices?: SliceSet;
  /** Default: all images as one view. */
  readonly views?: (indices: readonly number[]) => BatchViews;
}

/** The global model of the oracle, and whatever heads a method joins to it as the oracle has them. */
export function startOf(golden: GoldenCase, method: Training, params: unknown): State {
  const global = partialState(golden, "in/global/", shapeOf(golden, "in/global/"));
  const joined = method.server?.start?.(global, 1, params).model ?? global;
  const heads = joined.layout.filter(({ name }) => golden.has(`in/heads/${name}`));
  return heads.length === 0
    ? global
    : fillState(
        golden,
        "in/heads/",
        joined,
        heads.map(({ name }) => name),
      );
}

/** One round of one batch of a method from the oracle's global model, by the project's own federation. */
export async function checkStep(golden: GoldenCase, run: StepRun): Promise<Outcome> {
  const { place, id, params = {}, rate: learningRate, replay, sent, views = (batch) => ({ batch }) } = run;
  const { slices = slicesOf(golden, 0, "in/train") } = run;
  const plain = trainingOf(id);
  const start = startOf(golden, plain, plain.params.parse(params));
  const send: NonNullable<Training["server"]>["send"] = sent
    ? ({ server: { model } }) => ({ model, ...sent })
    : undefined;
  const method: Training = { ...plain, server: { start: (model) => ({ model }), ...(send && { send }) } };
  const outcome = await federate(golden, {
    start,
    method,
    params,
    rounds: 1,
    optimiser: { kind: "sgd", learningRate },
    batches: () => [views(Array.from({ length: slices.count }, (_, index) => index))],
    clients: [slices],
    replay: replay && (() => replay),
  });
  const compare = (key: string, got: ArrayLike<number>) => golden.compare(key, got, floats(golden, key), key);
  const [losses] = (outcome.losses.get("1/0") ?? []).slice(-1);
  for (const key of golden.keys(`${place}/loss/`)) {
    const term = key.slice(`${place}/loss/`.length).replace(/_(.)/, (_, letter: string) => letter.toUpperCase());
    compare(key, [losses[term] ?? losses.total]);
  }
  const { got, want } = besideFirst(golden, outcome.server.model, `${place}/after/`);
  golden.compare(`${place}/after`, got, want, `${place}/after`);
  const last = inputOf(golden, streamOf(golden).batches.length - 1);
  const predictor = createPredictor(shapeOf(golden, "in/global/"), outcome.server.model);
  const after = predictor.predict(last);
  compare(`${place}/logits`, await asStored(after));
  predictor.dispose();
  tf.dispose([last, after]);
  return outcome;
}
