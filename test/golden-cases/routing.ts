import * as tf from "@tensorflow/tfjs-core";
import { createRandom } from "../../lib/core/random";
import { layoutSize } from "../../lib/core/layout";
import type { State } from "../../lib/core/state";
import { not, where, type Where } from "../../lib/core/where";
import type { Model } from "../../lib/nets/model/model";
import { movedLogits } from "../../lib/nets/model/noisy-moves";
import { download, namedTensors, select, upload } from "../../lib/nets/model/parameters";
import { uploadMoves } from "../../lib/nets/model/transforms";
import type { UNetShape } from "../../lib/nets/model/unet-layout";
import { disposeExperts, type OrdinaryExperts, uploadExperts } from "../../lib/nets/routed/experts";
import { routedPrediction } from "../../lib/nets/routed/routed-prediction";
import { routed } from "../../lib/nets/routed/routed-unet";
import { gateBlock, initialiseRouting, routingLayout } from "../../lib/nets/routed/routing-layout";
import { routingObjective } from "../../lib/nets/routed/routing-objective";
import type { Loss, Sight } from "../../lib/nets/run/recipe";
import { openSlot, type Slot } from "../../lib/nets/run/slot";
import type { GoldenCase, GoldenCheck } from "./golden-case";
import { asStored, besideStored, fillState, images, partialState, shapeOf } from "./network";

interface Settings {
  readonly clients: number;
  readonly lr: number;
  readonly steps: number;
}

interface ExpertLists {
  readonly ordinary_conv: readonly number[];
  readonly transposed_conv: readonly number[];
}

const objective = {
  weights: { entropy: 10, consistency: 0.1, shape: 1 },
  entropyAxis: "batch",
  stopGradientTarget: false,
} as const;

/** Both readings of test-time routing: gates, logits, the objective's terms and gradients, and Adam's steps with recorded augmentation. */
export const check: GoldenCheck = {
  name: "routing",
  engine: true,
  async run(golden) {
    for (const [reading, lists] of Object.entries(golden.json.experts as Readonly<Record<string, ExpertLists>>))
      await checkReading(golden, reading, lists);
  },
};

async function checkReading(golden: GoldenCase, reading: string, lists: ExpertLists): Promise<void> {
  const { clients, lr, steps } = golden.json.settings as Settings;
  const shape = shapeOf(golden, "global/");
  const everyone = Array.from({ length: clients + 1 }, (_, index) => index);
  const published = reading === "published";
  const ordinary: OrdinaryExperts = published ? "without-last-client" : "all";
  golden.compareWithin(
    `${reading} ordinary experts`,
    published ? everyone.filter((index) => index !== clients - 1) : everyone,
    lists.ordinary_conv,
    0,
  );
  golden.compareWithin(`${reading} transposed experts`, everyone, lists.transposed_conv, 0);

  const personal = everyone.slice(0, clients).map((client) => partialState(golden, `client${client}/`, shape));
  const experts = uploadExperts(shape, personal, partialState(golden, "global/", shape), ordinary);
  const start = startState(
    golden,
    reading,
    shape,
    (layer) => (layer.transposed ? lists.transposed_conv : lists.ordinary_conv).length,
  );
  const trains: Where = published ? not(where.block(gateBlock("bottleneck"))) : where.everything;
  if (published) {
    const names = start.layout.filter(trains).map(({ name }) => name);
    const listed = golden.json.trainable_published as readonly string[];
    golden.compareWithin(
      "published trainable list",
      [names.length, ...names.map((name) => Number(listed.includes(name)))],
      [listed.length, ...names.map(() => 1)],
      0,
    );
  }

  const input = images(golden.tensor("input"));
  const model = routed({ shape, experts, gate: "sigmoid", global: partialState(golden, "global/", shape) });
  const loss = routingObjective({ ...objective, shape });
  await checkFirstStep(golden, reading, { model, loss, start, trains }, input);
  const slot = openSlot({ model, start, recipe: { loss, trains }, optimiser: { kind: "adam", learningRate: lr } });
  for (let step = 1; step <= steps; step++)
    await checkStep(golden, `${reading}/step${step}`, slot, input, draws(golden, step), lr, step);
  slot.dispose();
  disposeExperts(experts);
  input.dispose();
}

interface Routing {
  readonly model: Model;
  readonly loss: Loss<Sight>;
  readonly start: State;
  readonly trains: Where;
}

/** Gates and logits before any step, and the first step's gradients. */
async function checkFirstStep(
  golden: GoldenCase,
  reading: string,
  { model, loss, start, trains }: Routing,
  input: tf.Tensor4D,
): Promise<void> {
  const adapted = select(start.layout, trains);
  const fixed = select(start.layout, not(trains));
  const frozen = namedTensors(upload(start, fixed), fixed);
  const sightAt = (vector: tf.Tensor): Sight => {
    const parameters = new Map([...namedTensors(vector as tf.Tensor1D, adapted), ...frozen]);
    const forward: Sight["forward"] = (of = input, pass = {}) =>
      model.apply(parameters, of, { statistics: "batch", ...pass }, model.frozen);
    return { images: input, forward };
  };
  const vector = upload(start, adapted);

  const { logits, taps } = sightAt(vector).forward();
  const beside = (key: string, got: ArrayLike<number>, group = key) =>
    golden.compare(key, got, values(golden, key), group);
  beside(`${reading}/logits_before`, await asStored(logits));
  for (const key of golden.keys(`${reading}/gate_values/`)) {
    const gate = taps.get(key.slice(`${reading}/gate_values/`.length));
    if (!gate) throw new Error(`${key} belongs to no layer`);
    beside(key, await gate.data(), `${reading}/gate_values`);
  }
  const drawn = draws(golden, 1);
  const weights = Object.fromEntries(Object.entries(loss.numbers).map(([name, value]) => [name, tf.scalar(value)]));
  const moved = tf.tidy(() => movedLogits(sightAt(vector), drawn));
  beside(`${reading}/step1/logits_aug_back`, await asStored(moved));
  const { grad } = tf.valueAndGrad((each: tf.Tensor) => loss.body(sightAt(each), { ...drawn, ...weights }).total)(
    vector,
  );
  const prefix = `${reading}/step1/`;
  const gradients = new Float32Array(layoutSize(start.layout));
  await download(grad as tf.Tensor1D, adapted, gradients);
  const { got, want } = besideStored(golden, { layout: start.layout, values: gradients }, `${prefix}grads/`);
  golden.compare(`${prefix}grads`, got, want, `${prefix}grads`);
}

async function checkStep(
  golden: GoldenCase,
  prefix: string,
  slot: Slot,
  input: tf.Tensor4D,
  draw: Record<string, tf.Tensor>,
  lr: number,
  steps: number,
): Promise<void> {
  const [losses] = await slot.step({ batch: { images: input } }, draw);
  const stored = { total: "total", entropy: "entropy", consistency: "consistency_mean", shape: "shape" } as const;
  for (const [term, key] of Object.entries(stored)) {
    const place = `${prefix}/${key}`;
    golden.compare(place, [losses[term]], values(golden, place), place);
  }
  const { got, want } = besideStored(golden, await slot.state(), `${prefix}/params/`);
  golden.compareAfterAdam(`${prefix}/params`, got, want, `${prefix}/params`, lr, steps);
  const [logits, gates] = slot.ask(routedPrediction(shapeOf(golden, "global/")), input);
  const place = `${prefix}/logits_after`;
  golden.compare(place, await asStored(logits as tf.Tensor4D), values(golden, place), place);
  tf.dispose([logits, gates]);
}

function values(golden: GoldenCase, key: string): Float32Array {
  return golden.tensor(key).data as Float32Array;
}

function draws(golden: GoldenCase, step: number): Record<string, tf.Tensor> {
  const flips = golden.tensor(`augment${step}/flip`).data as Int32Array;
  const quarters = golden.tensor(`augment${step}/rot`).data as Int32Array;
  const noise = images(golden.tensor(`augment${step}/noise`));
  const turns = Array.from(quarters, (count, image) => ({ flip: flips[image] === 1, quarters: count }));
  return { noise, ...uploadMoves(noise.shape, turns) };
}

function startState(
  golden: GoldenCase,
  reading: string,
  shape: UNetShape,
  expertsOf: Parameters<typeof routingLayout>[1],
): State {
  const layout = routingLayout(shape, expertsOf);
  const begun = initialiseRouting(layout, partialState(golden, "global/", shape), createRandom(0));
  return fillState(golden, `${reading}/gates/`, begun);
}
