import * as tf from "@tensorflow/tfjs-core";
import { valuesOf, type State } from "../../core/state";
import { named } from "../../nets/run/named";
import type { Sight } from "../../nets/run/recipe";

/** A feature of the last layer's input, the class that the classifier gives it, and how unsure it is. */
export interface Support {
  readonly feature: ArrayLike<number>;
  readonly label: number;
  readonly entropy: number;
}

/** Logits, and what the classifier makes them of. */
export const logitsAndFeatures = named(({ images, forward }: Sight): tf.Tensor[] => {
  const { logits, taps } = forward(images);
  return [logits, taps.get("decoder1") as tf.Tensor4D];
});

/** Supports of the pixels on a grid: rows and columns `floor(step / 2)`, and every `step`-th from there, image by image, row by row. */
export async function supportsOnGrid(logits: tf.Tensor4D, features: tf.Tensor4D, step: number): Promise<Support[]> {
  const half = Math.floor(step / 2);
  const picked = [logits, features].map((x) => tf.stridedSlice(x, [0, half, half, 0], x.shape, [1, step, step, 1]));
  const [scores, found] = await Promise.all(picked.map((x) => x.data<"float32">()));
  tf.dispose(picked);
  const [classes, channels] = [logits.shape[3], features.shape[3]];
  return Array.from({ length: found.length / channels }, (_, pixel) =>
    supportOf(
      found.slice(pixel * channels, (pixel + 1) * channels),
      scores.subarray(pixel * classes, (pixel + 1) * classes),
    ),
  );
}

/** The rows of the classifier, each judged by the classifier itself: what T3A starts from. */
export function supportsOfHead(model: State): Support[] {
  const [kernel, bias] = [valuesOf(model, "conv.weight"), valuesOf(model, "conv.bias")];
  const classes = bias.length;
  const channels = kernel.length / classes;
  return Array.from(bias, (_, row) => {
    const feature = Float32Array.from({ length: channels }, (__, channel) => kernel[channel * classes + row]);
    const scores = Array.from(bias, (offset, k) =>
      feature.reduce((sum, value, channel) => sum + value * kernel[channel * classes + k], offset),
    );
    return supportOf(feature, scores);
  });
}

function supportOf(feature: ArrayLike<number>, scores: ArrayLike<number>): Support {
  const all = Array.from(scores);
  const most = Math.max(...all);
  const total = Math.log(all.reduce((sum, score) => sum + Math.exp(score - most), 0)) + most;
  const entropy = all.reduce((sum, score) => sum - Math.exp(score - total) * (score - total), 0);
  return { feature, label: all.indexOf(most), entropy };
}

/** @returns of every class the supports of lowest entropy, `most` of them; equals keep their order */
export const surestOf = (supports: readonly Support[], classes: number, most: number): Support[] =>
  Array.from({ length: classes }, (_, label) =>
    supports
      .filter((support) => support.label === label)
      .sort((a, b) => a.entropy - b.entropy)
      .slice(0, most),
  ).flat();

/** The direction of the mean of a class's supports, each of length 1, as a column: `[channel, class]`, row by row. */
export function prototypesOf(supports: readonly Support[], classes: number, channels: number): Float32Array {
  const sums = Array.from({ length: classes }, () => new Float64Array(channels));
  for (const { feature, label } of supports) {
    const length = Math.max(Math.hypot(...Array.from(feature)), 1e-12);
    for (let channel = 0; channel < channels; channel++) sums[label][channel] += feature[channel] / length;
  }
  const lengths = sums.map((sum) => Math.max(Math.hypot(...sum), 1e-12));
  return Float32Array.from(
    { length: channels * classes },
    (_, i) => sums[i % classes][Math.floor(i / classes)] / lengths[i % classes],
  );
}
