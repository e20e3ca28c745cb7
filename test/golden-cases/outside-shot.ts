import { pseudoLabels } from "../../lib/methods/parts/pseudo-labels";
import type { GoldenCase } from "./golden-case";
import { asStored, besideFirst, shapeOf } from "./network";
import { compareTold, floats, openStream, passStream } from "./outside-stream";

interface Settings {
  readonly shot: Readonly<Record<"lr" | "epochs" | "momentum" | "decay" | "pseudo", number>>;
}

/** SHOT's passes over the stream: pseudo-labels, rates, losses, the network behind each pass, and what it predicts in the end. */
export async function checkShot(golden: GoldenCase): Promise<void> {
  const { lr: learningRate, ...params } = (golden.json.settings as unknown as Settings).shot;
  const stream = openStream(golden, { id: "shot", params: { learningRate, ...params } });
  const [slot] = stream.slots;
  const { classes } = shapeOf(golden, "in/global/");
  for (let epoch = 0; epoch < params.epochs; epoch++) {
    const labels = await pseudoLabels(slot, stream.visit, classes);
    await passStream(golden, stream, async (batch) => {
      const key = `shot/epoch${epoch}/batch${batch}`;
      const stored = Array.from(golden.tensor(`${key}/pseudo_labels`).data, Number);
      golden.compareWithin(`${key}/pseudo_labels`, labels[batch], stored, 0);
      const told = stream.adapter.telemetry();
      compareTold(golden, "shot", key, told);
      golden.compare(`${key}/rate`, told.rate, floats(golden, `${key}/rate`), "shot/rate");
    });
    const { got, want } = besideFirst(golden, await slot.state(), `shot/epoch${epoch}/after/`);
    golden.compare(`shot/epoch${epoch}/after`, got, want, "shot/after");
  }
  await passStream(golden, stream, async (batch, logits) => {
    const key = `shot/batch${batch}/logits`;
    golden.compare(key, await asStored(logits), floats(golden, key), "shot/logits");
  });
  stream.adapter.dispose();
}
