import * as tf from "@tensorflow/tfjs-core";
import { boundaryContrast, boundaryOf } from "../../lib/methods/parts/boundary";
import { exchangeAmplitudes } from "../../lib/methods/parts/exchange";
import { logitsOf } from "../../lib/methods/parts/questions";
import { joinSets } from "../../lib/data/set/slice-sets";
import { unet } from "../../lib/nets/model/unet";
import type { State } from "../../lib/core/state";
import { openSlot } from "../../lib/nets/run/slot";
import { softDice } from "../../lib/nets/run/soft-dice";
import { channelsFirst, channelsLast } from "../../lib/nets/torch/torch-layout";
import { slicesOf } from "./federate";
import type { GoldenCase } from "./golden-case";
import { asStored, images, masks, partialState, shapeOf } from "./network";
import { checkStep } from "./outside-steps";
import { floats } from "./outside-stream";

interface Settings {
  readonly step: { readonly lr: number };
  readonly feddg: Readonly<Record<"block" | "own" | "meta" | "clip" | "weight" | "temperature", number>>;
}

/** FedDG's exchange of amplitudes, its contours, its contrast between them, and its step. */
export async function checkFedDg(golden: GoldenCase): Promise<void> {
  const { feddg, step } = golden.json.settings as unknown as Settings;
  const { data, shape } = golden.tensor("in/pure/exchange/input");
  const [batch, channels, height, width] = shape;
  for (const [reading, exchange] of [
    ["published", { L: 0, own: 0 }],
    ["intended", { L: feddg.block, own: feddg.own }],
  ] as const) {
    const size = [batch, height, width, channels] as const;
    const own = channelsLast(data as Float32Array, shape);
    const exchanged = exchangeAmplitudes(own, size, floats(golden, "in/pure/exchange/amplitude"), exchange);
    const key = `feddg/exchange/${reading}`;
    golden.compare(key, channelsFirst(exchanged, [...size]), floats(golden, key), key);
  }
  await checkContrast(golden, feddg.temperature);
  const own = slicesOf(golden, 0, "in/train");
  const foreign = { ...own, planes: floats(golden, "in/train/foreign") };
  const { meta: inner, clip, temperature } = feddg;
  for (const [place, weight] of [
    ["feddg/meta", 0],
    ["feddg/meta-contrast", feddg.weight],
  ] as const) {
    await checkStep(golden, {
      place,
      id: "feddg",
      params: { inner, clip, temperature, weight },
      rate: step.lr,
      slices: joinSets("client0", [own, foreign]),
      views: (all) => ({ own: all.slice(0, own.count), foreign: all.slice(own.count) }),
    });
    await checkBehindStep(golden, `${place}/logits_outer`, inner);
  }
}

/** What the network answers to the foreign look behind the step in the middle. */
async function checkBehindStep(golden: GoldenCase, key: string, learningRate: number): Promise<void> {
  const shape = shapeOf(golden, "in/global/");
  const open = (start: State) =>
    openSlot({ model: unet(shape), start, recipe: { loss: softDice }, optimiser: { kind: "sgd", learningRate } });
  const [own, foreign] = ["input", "foreign"].map((name) => images(golden.tensor(`in/train/${name}`)));
  const truth = masks(golden.tensor("in/train/mask"));
  const slot = open(partialState(golden, "in/global/", shape));
  await slot.step({ batch: { images: own, masks: truth } });
  const behind = open(await slot.state());
  const [logits] = behind.ask(logitsOf, foreign);
  golden.compare(key, await asStored(logits as tf.Tensor4D), floats(golden, key), key);
  for (const each of [slot, behind]) each.dispose();
  tf.dispose([own, foreign, truth, logits]);
}

async function checkContrast(golden: GoldenCase, temperature: number): Promise<void> {
  const [inner, outer] = ["inner", "outer"].map((name) => images(golden.tensor(`in/pure/contrast/${name}`)));
  const mask = images(golden.tensor("in/pure/contrast/mask"));
  const { contour, ring } = tf.tidy(() => boundaryOf(mask));
  for (const [name, found] of Object.entries({ contour, ring })) {
    const key = `feddg/boundary/${name}`;
    golden.compareWithin(key, await asStored(found), Array.from(golden.tensor(key).data, Number), 0);
  }
  const both = (a: tf.Tensor, b: tf.Tensor) => boundaryContrast(a as tf.Tensor4D, b as tf.Tensor4D, mask, temperature);
  const { value, grads } = tf.valueAndGrads(both)([inner, outer]);
  const compare = async (part: string, got: tf.Tensor) =>
    golden.compare(
      `feddg/contrast/${part}`,
      await got.data(),
      floats(golden, `feddg/contrast/${part}`),
      `feddg/contrast/${part}`,
    );
  await compare("value", value);
  for (const [index, name] of ["gradient_inner", "gradient_outer"].entries()) {
    const key = `feddg/contrast/${name}`;
    golden.compare(key, await asStored(grads[index] as tf.Tensor4D), floats(golden, key), key);
  }
  tf.dispose([inner, outer, mask, contour, ring, value, grads]);
}
