import * as tf from "@tensorflow/tfjs-core";
import { fedavg } from "../../lib/methods/train/fedavg";
import type { Training } from "../../lib/methods/contract";
import { mixedPass, mixStyles } from "../../lib/methods/parts/styles";
import { mixStyle } from "../../lib/methods/train/mixstyle";
import { unet } from "../../lib/nets/model/unet";
import { createPredictor } from "../../lib/nets/run/predictor";
import type { Recipe } from "../../lib/nets/run/recipe";
import { named } from "../../lib/nets/run/named";
import { openSlot } from "../../lib/nets/run/slot";
import { federate, slicesOf } from "./federate";
import type { GoldenCase } from "./golden-case";
import { asStored, besideFirst, images, partialState, shapeOf } from "./network";

const answer = named(({ forward }: { forward(): { logits: tf.Tensor4D } }): tf.Tensor[] => [forward().logits]);

/** One training step of FedAvg and of MixStyle from the global model, and MixStyle's layer alone. */
export async function checkMixStyle(golden: GoldenCase, rate: number): Promise<void> {
  await checkLayer(golden);
  await checkStep(golden, "plain/step", fedavg as Training, {}, rate);
  await checkStep(golden, "mixstyle/step", mixStyle as Training, { pass: mixedPass }, rate);
}

async function checkStep(
  golden: GoldenCase,
  place: string,
  method: Training,
  recipe: Recipe,
  learningRate: number,
): Promise<void> {
  const shape = shapeOf(golden, "in/global/");
  const start = partialState(golden, "in/global/", shape);
  const slices = slicesOf(golden, 0, "in/train");
  const compare = (key: string, got: ArrayLike<number>) => golden.compare(key, got, floats(golden, key), key);
  const optimiser = { kind: "sgd", learningRate } as const;

  const slot = openSlot({ model: unet(shape), start, recipe, optimiser });
  const input = images(golden.tensor("in/train/input"));
  const draws = styles(golden);
  const [logits] = slot.ask(answer, input, draws);
  compare(`${place}/logits_train`, await asStored(logits as tf.Tensor4D));
  slot.dispose();
  tf.dispose([logits, input, draws]);

  const outcome = await federate(golden, {
    start,
    method,
    rounds: 1,
    optimiser,
    batches: () => [{ batch: Array.from({ length: slices.count }, (_, index) => index) }],
    clients: [slices],
    replay: () => () => (recipe.pass ? styles(golden) : undefined),
  });
  for (const term of ["dice", "total"])
    compare(
      `${place}/loss/${term}`,
      (outcome.losses.get("1/0") ?? []).map(({ total }) => total),
    );
  const { got, want } = besideFirst(golden, outcome.server.model, `${place}/after/`);
  golden.compare(`${place}/after`, got, want, `${place}/after`);
  const { batches } = golden.json.settings as { readonly batches: readonly number[] };
  const last = images(golden.tensor(`in/batch${batches.length - 1}/input`));
  const predictor = createPredictor(shape, outcome.server.model);
  const after = predictor.predict(last);
  compare(`${place}/logits`, await asStored(after));
  predictor.dispose();
  tf.dispose([last, after]);
}

/** The drawn partners and shares of both places. */
function styles(golden: GoldenCase): Record<string, tf.Tensor> {
  return Object.fromEntries(
    ["encoder1", "encoder2"].flatMap((block) => {
      const { order, lambda } = style(golden, `in/style/${block}`);
      return [
        [`${block}/order`, order],
        [`${block}/lambda`, lambda],
      ];
    }),
  );
}

function style(golden: GoldenCase, place: string): { order: tf.Tensor2D; lambda: tf.Tensor4D } {
  const order = Array.from(golden.tensor(`${place}/order`).data, Number);
  const lambda = floats(golden, `${place}/lambda`);
  const rows = order.map((other) => order.map((_, image) => (image === other ? 1 : 0)));
  return { order: tf.tensor2d(rows), lambda: tf.tensor4d(Array.from(lambda), [lambda.length, 1, 1, 1]) };
}

async function checkLayer(golden: GoldenCase): Promise<void> {
  const place = "in/pure/mixstyle";
  const input = images(golden.tensor(`${place}/input`));
  const upstream = images(golden.tensor(`${place}/upstream`));
  const { order, lambda } = style(golden, place);
  const output = tf.tidy(() => mixStyles(input, order, lambda));
  const gradient = tf.grad((x: tf.Tensor) => tf.sum(tf.mul(mixStyles(x as tf.Tensor4D, order, lambda), upstream)))(
    input,
  );
  for (const [key, got] of [
    ["output", output],
    ["input_gradient", gradient],
  ] as const) {
    const name = `mixstyle/layer/${key}`;
    golden.compare(name, await asStored(got as tf.Tensor4D), floats(golden, name), name);
  }
  tf.dispose([input, upstream, order, lambda, output, gradient]);
}

const floats = (golden: GoldenCase, key: string) => golden.tensor(key).data as Float32Array;
