import * as tf from "@tensorflow/tfjs-core";
import type { GoldenCase } from "./golden-case";
import { asStored } from "./network";
import { routingDraws } from "./outside-draws";
import { compareTold, floats, openStream, passStream, streamOf } from "./outside-stream";

interface Settings {
  readonly "sparse-weights": Readonly<Record<"lr" | "noise" | "consistency" | "steps", number>>;
}

/** One weight for each expert: predictions, losses, and the weights behind every batch. */
export async function checkSparseWeights(golden: GoldenCase): Promise<void> {
  const place = "sparse-weights";
  const { lr: learningRate, noise: sigma, consistency, steps } = (golden.json.settings as unknown as Settings)[place];
  const { batches } = streamOf(golden);
  let batch = 0;
  const stream = openStream(golden, {
    id: place,
    params: { learningRate, sigma, consistency, steps },
    replay: () => routingDraws(golden, place, batch, "step", sigma),
  });
  await passStream(golden, stream, async (seen, logits) => {
    const key = `${place}/batch${seen}`;
    golden.compare(`${key}/logits`, await asStored(logits), floats(golden, `${key}/logits`), `${place}/logits`);
    compareTold(golden, place, key, stream.adapter.telemetry());
    const { values } = await stream.slots[0].state();
    const weights = tf.tidy(() => tf.softmax(tf.tensor1d(values)).dataSync());
    for (const [name, got] of [
      ["mix", values],
      ["weights", weights],
    ] as const) {
      const want = floats(golden, `${key}/after/${name}`);
      golden.compareAfterAdam(
        `${key}/after/${name}`,
        got,
        want,
        `${place}/after`,
        learningRate,
        batches.length * steps,
      );
    }
    batch = seen + 1;
  });
  stream.adapter.dispose();
}
