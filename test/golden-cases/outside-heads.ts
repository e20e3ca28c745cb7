import * as tf from "@tensorflow/tfjs-core";
import { joined } from "../../lib/core/state";
import { withHead } from "../../lib/methods/parts/heads";
import { jigsawHead, shuffledPixels, uploadShuffles } from "../../lib/methods/parts/jigsaw";
import { turn } from "../../lib/nets/model/transforms";
import { trainingOf } from "../../lib/methods/registry";
import { unet } from "../../lib/nets/model/unet";
import { named } from "../../lib/nets/run/named";
import type { Sight } from "../../lib/nets/run/recipe";
import { openSlot } from "../../lib/nets/run/slot";
import type { GoldenCase } from "./golden-case";
import { asStored, besideFirst, images, shapeOf } from "./network";
import { passImages } from "./outside-images";
import { checkStep, startOf } from "./outside-steps";
import { floats, openStream } from "./outside-stream";

interface Settings {
  readonly ttt: { readonly lr: number; readonly steps: number };
  readonly "ttt-step": { readonly lr: number; readonly weight: number };
  readonly step: { readonly lr: number };
  readonly jigen: { readonly weight: number; readonly permutations: number };
}

const settingsOf = (golden: GoldenCase) => golden.json.settings as unknown as Settings;

/** What learns a task beside the segmentation. */
export async function checkHeads(golden: GoldenCase): Promise<void> {
  const { "ttt-step": own } = settingsOf(golden);
  await checkStep(golden, { place: "ttt/step", id: "ttt", params: { weight: own.weight }, rate: own.lr });
  await checkTestTime(golden, "standard", "image");
  await checkTestTime(golden, "online", "never");
  await checkJigsaw(golden);
}

async function checkTestTime(golden: GoldenCase, variant: string, reset: string): Promise<void> {
  const { lr: learningRate, steps } = settingsOf(golden).ttt;
  const trained = startOf(golden, trainingOf("ttt"), {});
  const stream = openStream(golden, {
    id: "ttt",
    params: { learningRate, steps, reset },
    carries: (global) => joined(trained, global),
  });
  const place = `ttt/${variant}`;
  await passImages(golden, stream, async (number, logits) => {
    const key = `${place}/image${number}`;
    golden.compare(`${key}/logits`, await asStored(logits), floats(golden, `${key}/logits`), `${place}/logits`);
    const losses = stream.adapter.telemetry()["loss/rotation"];
    golden.compare(`${key}/loss/rotation`, losses, floats(golden, `${key}/loss/rotation`), `${place}/loss/rotation`);
    const { got, want } = besideFirst(golden, await stream.slots[0].state(), `${key}/after/`);
    golden.compare(`${key}/after`, got, want, `${place}/after`);
  });
  stream.adapter.dispose();
}

async function checkJigsaw(golden: GoldenCase): Promise<void> {
  const { jigen, step } = settingsOf(golden);
  const { data, shape } = golden.tensor("in/jigsaw/table");
  const table = Array.from({ length: shape[0] }, (_, row) =>
    Array.from(data.slice(row * shape[1], (row + 1) * shape[1]), Number),
  );
  const labels = Array.from(golden.tensor("in/jigsaw/label").data, Number);
  const orders = [table[0].map((_, tile) => tile), ...table];
  const input = images(golden.tensor("in/train/input"));
  const shuffles = () =>
    uploadShuffles(
      input.shape,
      labels.map((label) => orders[label]),
      labels,
      orders.length,
    );
  const params = { weight: jigen.weight, permutations: table.length };
  await checkStep(golden, { place: "jigen/step", id: "jigen", params, rate: step.lr, replay: shuffles });

  const method = trainingOf("jigen");
  const network = withHead(unet(shapeOf(golden, "in/global/")), jigsawHead(table.length));
  const start = startOf(golden, method, method.params.parse(params));
  const slot = openSlot({ model: network, start, recipe: {}, optimiser: { kind: "sgd", learningRate: 0 } });
  const draws = shuffles();
  const moves = { sources: draws.sources as tf.Tensor1D, targets: draws.targets as tf.Tensor1D };
  const [scores] = slot.ask(scoresOf, turn(input, moves));
  golden.compare("jigen/step/scores", await scores.data(), floats(golden, "jigen/step/scores"), "jigen/step/scores");
  slot.dispose();
  tf.dispose([input, scores, draws]);
  await checkShuffle(golden);
}

const scoresOf = named(({ forward }: Sight) => [forward().taps.get("jigsaw") as tf.Tensor]);

/** The shuffled tiles alone: pixels move, and stay what they are. */
async function checkShuffle(golden: GoldenCase): Promise<void> {
  const stored = golden.tensor("in/pure/shuffle/orders");
  const [count, tiles] = stored.shape;
  const orders = Array.from({ length: count }, (_, image) =>
    Array.from(stored.data.slice(image * tiles, (image + 1) * tiles), Number),
  );
  const input = images(golden.tensor("in/pure/bigaug/input"));
  const [, height, width] = input.shape;
  const sources = tf.tensor1d(shuffledPixels(height, width, orders), "int32");
  const shuffled = turn(input, { sources, targets: sources });
  golden.compareWithin("jigen/shuffle/output", await asStored(shuffled), floats(golden, "jigen/shuffle/output"), 0);
  tf.dispose([input, sources, shuffled]);
}
