import * as tf from "@tensorflow/tfjs-core";
import {
  logitsAndFeatures,
  prototypesOf,
  supportsOfHead,
  supportsOnGrid,
  surestOf,
} from "../../lib/methods/parts/supports";
import type { GoldenCase } from "./golden-case";
import { partialState, shapeOf } from "./network";
import { checkLogits, floats, inputOf, openStream, streamOf } from "./outside-stream";

interface Settings {
  readonly t3a: { readonly K: number; readonly grid: number };
}

/** T3A over the stream, and the supports that it has behind every batch. */
export async function checkSupports(golden: GoldenCase): Promise<void> {
  const { K, grid } = (golden.json.settings as unknown as Settings).t3a;
  const params = { supports: K, grid };
  await checkLogits(golden, "t3a", { id: "t3a", params });

  const shape = shapeOf(golden, "in/global/");
  const { adapter, slots } = openStream(golden, { id: "t3a", params });
  let supports = supportsOfHead(partialState(golden, "in/global/", shape));
  for (const batch of streamOf(golden).batches.keys()) {
    const input = inputOf(golden, batch);
    const [logits, features] = slots[0].ask(logitsAndFeatures, input) as tf.Tensor4D[];
    supports = surestOf([...supports, ...(await supportsOnGrid(logits, features, grid))], shape.classes, K);
    tf.dispose([input, logits, features]);
    const compare = (part: string, got: readonly number[]) =>
      golden.compare(`t3a/batch${batch}/${part}`, got, floats(golden, `t3a/batch${batch}/${part}`), `t3a/${part}`);
    compare(
      "supports",
      supports.flatMap(({ feature }) => Array.from(feature)),
    );
    compare(
      "entropies",
      supports.map(({ entropy }) => entropy),
    );
    compare("prototypes", Array.from(prototypesOf(supports, shape.classes, shape.features)));
    const labels = `t3a/batch${batch}/labels`;
    golden.compareWithin(
      labels,
      supports.map(({ label }) => label),
      Array.from(golden.tensor(labels).data, Number),
      0,
    );
  }
  adapter.dispose();
}
