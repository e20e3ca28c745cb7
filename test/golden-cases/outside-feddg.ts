import * as tf from "@tensorflow/tfjs-core";
import { boundaryContrast, boundaryOf } from "../../lib/methods/parts/boundary";
import { exchangeAmplitudes } from "../../lib/methods/parts/exchange";
import { channelsFirst, channelsLast } from "../../lib/nets/torch/torch-layout";
import type { GoldenCase } from "./golden-case";
import { asStored, images } from "./network";
import { floats } from "./outside-stream";

interface Settings {
  readonly feddg: Readonly<Record<"block" | "own" | "meta" | "clip" | "weight" | "temperature", number>>;
}

/** FedDG's exchange of amplitudes, its contours, and its contrast between them. */
export async function checkFedDg(golden: GoldenCase): Promise<void> {
  const { feddg } = golden.json.settings as unknown as Settings;
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
