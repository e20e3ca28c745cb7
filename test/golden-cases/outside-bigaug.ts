import * as tf from "@tensorflow/tfjs-core";
import { appearances, uploadBlur, uploadNumbers } from "../../lib/methods/parts/appearance";
import type { GoldenCase } from "./golden-case";
import { asStored, images } from "./network";
import { floats } from "./outside-stream";

/** BigAug's changes of appearance, each alone and all but the sharpening one after the other. */
export async function checkAppearances(golden: GoldenCase): Promise<void> {
  const numbers = (name: string) => Array.from(floats(golden, `in/pure/bigaug/${name}`));
  const input = images(golden.tensor("in/pure/bigaug/input"));
  const field = images(golden.tensor("in/pure/bigaug/noise"));
  const inputs: Record<string, tf.Tensor> = {
    ...uploadBlur("blur", input.shape, numbers("blur_sigma")),
    ...uploadBlur("first", input.shape, numbers("sharpen_first")),
    ...uploadBlur("second", input.shape, numbers("sharpen_second")),
    amount: uploadNumbers(numbers("sharpen_amount")),
    noise: tf.mul(field, uploadNumbers(numbers("noise_sigma"))),
    ...Object.fromEntries(
      ["brightness", "gamma", "scale", "shift"].map((name) => [name, uploadNumbers(numbers(name))]),
    ),
  };
  const compare = async (name: string, changes: readonly string[]) => {
    const changed = tf.tidy(() => changes.reduce<tf.Tensor>((x, change) => appearances[change](x, inputs), input));
    const key = `bigaug/${name}`;
    golden.compare(key, await asStored(changed as tf.Tensor4D), floats(golden, key), key);
    if (changed !== input) changed.dispose();
  };
  const names = Object.keys(appearances);
  for (const name of names) await compare(name, [name]);
  await compare(
    "chain_without_sharpen",
    names.filter((name) => name !== "sharpen"),
  );
  tf.dispose([input, field, inputs]);
}
