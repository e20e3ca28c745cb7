import * as tf from "@tensorflow/tfjs-core";
import { mixedPass, mixStyles } from "../../lib/methods/parts/styles";
import { logitsOf } from "../../lib/methods/parts/questions";
import { unet } from "../../lib/nets/model/unet";
import type { Recipe, Sight } from "../../lib/nets/run/recipe";
import { openSlot } from "../../lib/nets/run/slot";
import type { GoldenCase } from "./golden-case";
import { asStored, images, partialState, shapeOf } from "./network";
import { checkStep } from "./outside-steps";
import { floats } from "./outside-stream";

/** One training step of FedAvg and of MixStyle from the global model, and MixStyle's layer alone. */
export async function checkMixStyle(golden: GoldenCase, rate: number): Promise<void> {
  await checkLayer(golden);
  await checkForward(golden, "plain/step", {}, {});
  await checkStep(golden, { place: "plain/step", id: "fedavg", rate });
  await checkForward(golden, "mixstyle/step", { pass: mixedPass }, styles(golden));
  await checkStep(golden, { place: "mixstyle/step", id: "mixstyle", rate, replay: () => styles(golden) });
}

/** What a step's own pass answers. */
export async function checkForward(
  golden: GoldenCase,
  place: string,
  recipe: Recipe<Sight>,
  draws: Record<string, tf.Tensor>,
): Promise<void> {
  const shape = shapeOf(golden, "in/global/");
  const optimiser = { kind: "sgd", learningRate: 0 } as const;
  const slot = openSlot({ model: unet(shape), start: partialState(golden, "in/global/", shape), recipe, optimiser });
  const input = images(golden.tensor("in/train/input"));
  const [logits] = slot.ask(logitsOf, input, draws);
  const key = `${place}/logits_train`;
  golden.compare(key, await asStored(logits as tf.Tensor4D), floats(golden, key), key);
  slot.dispose();
  tf.dispose([logits, input, draws]);
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
