import * as tf from "@tensorflow/tfjs-core";
import { layoutSize, type State } from "../../lib/core/state";
import { type OrdinaryExperts, uploadExperts } from "../../lib/nets/routed/experts";
import { download, namedTensors, select, upload } from "../../lib/nets/model/parameters";
import { createRoutedAdaptation, type RoutedAdaptation } from "../../lib/nets/routed/routed-adaptation";
import { forwardRouted } from "../../lib/nets/routed/routed-unet";
import { initialiseRouting, routingLayout } from "../../lib/nets/routed/routing-layout";
import { routingObjective } from "../../lib/nets/routed/routing-objective";
import { augmentationOf, type Draws } from "../../lib/nets/routed/test-time-draws";
import { fromTorch, torchShape } from "../../lib/nets/torch/torch-layout";
import { uploadMoves } from "../../lib/nets/routed/transforms";
import { unetLayout, type UNetShape } from "../../lib/nets/model/unet-layout";
import { createRandom } from "../../lib/core/random";
import type { GoldenCase, GoldenCheck } from "./golden-case";
import { asStored, besideStored, images, shapeOf } from "./network";

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
  const trainable = ({ name }: { name: string }) =>
    !(published && name.startsWith("bottleneck.") && name.includes("._routing_fn."));
  if (published) {
    const names = start.layout.filter(trainable).map(({ name }) => name);
    const listed = golden.json.trainable_published as readonly string[];
    golden.compareWithin(
      "published trainable list",
      [names.length, ...names.map((name) => Number(listed.includes(name)))],
      [listed.length, ...names.map(() => 1)],
      0,
    );
  }

  const input = images(golden.tensor("input"));
  await checkFirstStep(golden, reading, { shape, experts, gate: "sigmoid" }, start, trainable, input);
  const adaptation = createRoutedAdaptation({
    shape,
    experts,
    gate: "sigmoid",
    start,
    trainable,
    objective,
    learningRate: lr,
  });
  for (let step = 1; step <= steps; step++)
    await checkStep(golden, `${reading}/step${step}`, adaptation, input, draws(golden, step), lr, step);
  adaptation.dispose();
  input.dispose();
}

/** Gates and logits before any step, and the first step's gradients. */
async function checkFirstStep(
  golden: GoldenCase,
  reading: string,
  network: Parameters<typeof forwardRouted>[0],
  start: State,
  trainable: (entry: { name: string }) => boolean,
  input: tf.Tensor4D,
): Promise<void> {
  const adapted = select(start.layout, trainable);
  const fixed = select(start.layout, (entry) => !trainable(entry));
  const frozen = namedTensors(upload(start, fixed), fixed);
  const parametersFrom = (vector: tf.Tensor) => new Map([...namedTensors(vector as tf.Tensor1D, adapted), ...frozen]);
  const vector = upload(start, adapted);

  const { logits, gates } = forwardRouted(network, parametersFrom(vector), input);
  golden.compare(
    `${reading} logits before`,
    await asStored(logits),
    values(golden, `${reading}/logits_before`),
    `${reading}/logits_before`,
  );
  for (const key of golden.keys(`${reading}/gate_values/`)) {
    const gate = gates.get(key.slice(`${reading}/gate_values/`.length));
    if (!gate) throw new Error(`${key} belongs to no layer`);
    golden.compare(key, await gate.data(), values(golden, key), `${reading}/gate_values`);
  }
  let moved: tf.Tensor4D | undefined;
  const drawn = augmentationOf(network.shape, draws(golden, 1));
  const { grad } = tf.valueAndGrad((each: tf.Tensor) => {
    const { total, augmented } = routingObjective(network, parametersFrom(each), input, drawn, objective);
    moved = tf.keep(tf.clone(augmented));
    return total;
  })(vector);
  const prefix = `${reading}/step1/`;
  if (!moved) throw new Error("the objective was not evaluated");
  golden.compare(
    `${prefix}logits_aug_back`,
    await asStored(moved),
    values(golden, `${prefix}logits_aug_back`),
    `${prefix}logits_aug_back`,
  );
  const gradients = new Float32Array(layoutSize(start.layout));
  await download(grad as tf.Tensor1D, adapted, gradients);
  const { got, want } = besideStored(golden, { layout: start.layout, values: gradients }, `${prefix}grads/`);
  golden.compare(`${prefix}grads`, got, want, `${prefix}grads`);
}

async function checkStep(
  golden: GoldenCase,
  prefix: string,
  adaptation: RoutedAdaptation,
  input: tf.Tensor4D,
  draw: Draws,
  lr: number,
  steps: number,
): Promise<void> {
  const losses = await adaptation.step(input, draw);
  const stored = { total: "total", entropy: "entropy", consistency: "consistency_mean", shape: "shape" } as const;
  for (const [term, key] of Object.entries(stored)) {
    golden.compare(
      `${prefix}/${key}`,
      [losses[term as keyof typeof stored]],
      values(golden, `${prefix}/${key}`),
      `${prefix}/${key}`,
    );
  }
  const { got, want } = besideStored(golden, await adaptation.state(), `${prefix}/params/`);
  golden.compareAfterAdam(`${prefix}/params`, got, want, `${prefix}/params`, lr, steps);
  const logits = await asStored((await adaptation.predict(input)).logits);
  golden.compare(`${prefix}/logits_after`, logits, values(golden, `${prefix}/logits_after`), `${prefix}/logits_after`);
}

function values(golden: GoldenCase, key: string): Float32Array {
  return golden.tensor(key).data as Float32Array;
}

function draws(golden: GoldenCase, step: number): Draws {
  const flips = golden.tensor(`augment${step}/flip`).data as Int32Array;
  const quarters = golden.tensor(`augment${step}/rot`).data as Int32Array;
  const noise = images(golden.tensor(`augment${step}/noise`));
  const turns = Array.from(quarters, (count, image) => ({ flip: flips[image] === 1, quarters: count }));
  const { sources, targets } = uploadMoves(noise.shape, turns);
  return [noise, sources, targets];
}

/** The entries of a network that the file has (clients come without normalisations, nobody with statistics); zeros elsewhere. */
function partialState(golden: GoldenCase, prefix: string, shape: UNetShape): State {
  const layout = unetLayout(shape);
  return fillState(golden, prefix, { layout, values: new Float32Array(layoutSize(layout)) });
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

function fillState(golden: GoldenCase, prefix: string, { layout, values: begun }: State): State {
  const filled = begun.slice();
  for (const key of golden.keys(prefix)) {
    const entry = layout.find(({ name }) => name === key.slice(prefix.length));
    const stored = golden.tensor(key);
    if (!entry || torchShape(entry).join() !== stored.shape.join())
      throw new Error(`${key} of shape [${stored.shape}] fits no entry`);
    filled.set(fromTorch(stored.data as Float32Array, entry), entry.offset);
  }
  return { layout, values: filled };
}
