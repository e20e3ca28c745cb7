import * as tf from "@tensorflow/tfjs-core";
import type { GoldenCase } from "./golden-case";
import { asStored, besideFirst } from "./network";
import { viewsOfImage } from "./outside-draws";
import { compareTold, floats, inputOf, openStream, streamOf, type OpenStream } from "./outside-stream";

interface Settings {
  readonly memo: Readonly<Record<"lr" | "noise" | "prior", number>>;
  readonly dltta: Readonly<Record<"lr" | "neighbours" | "memory" | "temperature" | "passes", number>>;
  readonly views: number;
}

/** What adapts to one image after the other. */
export async function checkImages(golden: GoldenCase): Promise<void> {
  const { memo, dltta, views } = golden.json.settings as unknown as Settings;
  for (const statistics of ["running", "prior"]) {
    const { lr: learningRate, noise: sigma, prior } = memo;
    const params = { learningRate, sigma, statistics, prior, views };
    await checkMethod(golden, `memo/${statistics}`, "memo", params, sigma, undefined);
  }
  for (const reading of ["published", "intended"]) {
    const { lr: learningRate, passes: epochs, ...own } = dltta;
    const params = { reading, learningRate, epochs, ...own };
    await checkMethod(golden, `dltta/${reading}`, "dltta", params, 0, learningRate * Math.E ** 2);
  }
}

/** @param rate of Adam, where it steps @param deviation of the views' noise, where there are any */
async function checkMethod(
  golden: GoldenCase,
  place: string,
  id: string,
  params: object,
  deviation: number,
  rate: number | undefined,
): Promise<void> {
  let at = { batch: 0, image: 0 };
  const replay = deviation > 0 ? () => viewsOfImage(golden, at.batch, at.image, deviation) : undefined;
  const stream = openStream(golden, { id, params, replay });
  await passImages(
    golden,
    stream,
    async (number, logits) => {
      const key = `${place}/image${number}`;
      golden.compare(`${key}/logits`, await asStored(logits), floats(golden, `${key}/logits`), `${place}/logits`);
      const told = stream.adapter.telemetry();
      compareTold(golden, place, key, told);
      for (const part of ["rate", "discrepancy"].filter((each) => golden.has(`${key}/${each}`)))
        golden.compare(`${key}/${part}`, told[part], floats(golden, `${key}/${part}`), `${place}/${part}`);
      const { got, want } = besideFirst(golden, await stream.slots[0].state(), `${key}/after/`);
      if (rate === undefined) golden.compare(`${key}/after`, got, want, `${place}/after`);
      else golden.compareAfterAdam(`${key}/after`, got, want, `${place}/after`, rate, number + 1);
    },
    (next) => (at = next),
  );
  stream.adapter.dispose();
}

/** Predicts every image of the stream by itself, as often as the method passes over it. @param before hears which one comes */
export async function passImages(
  golden: GoldenCase,
  { adapter }: Pick<OpenStream, "adapter">,
  each: (number: number, logits: tf.Tensor4D) => Promise<void>,
  before: (at: { batch: number; image: number }) => void = () => undefined,
): Promise<void> {
  let number = 0;
  for (let pass = 0; pass < adapter.epochs; pass++) {
    for (const batch of streamOf(golden).batches.keys()) {
      const input = inputOf(golden, batch);
      for (const [image, single] of tf.split<tf.Tensor4D>(input, input.shape[0]).entries()) {
        before({ batch, image });
        const logits = await adapter.predict(single);
        await each(number++, logits);
        tf.dispose([single, logits]);
      }
      input.dispose();
    }
  }
}
