import * as tf from "@tensorflow/tfjs-core";
import { oneHotMasks, probabilities } from "../../nets/model/losses";
import { named, type Inputs } from "../../nets/run/named";
import type { Sight } from "../../nets/run/recipe";
import type { Slot } from "../../nets/run/slot";
import type { Visit } from "../contract";

/** Features of all pixels, with a 1 appended, of length 1: `[pixel, channel + 1]`, and probabilities `[pixel, class]`. */
function pixelsOf({ images, forward }: Sight) {
  const { logits, taps } = forward(images, { statistics: "running" });
  const features = taps.get("decoder1") as tf.Tensor4D;
  const flat = tf.reshape<tf.Rank.R2>(features, [-1, features.shape[3]]);
  const longer = tf.concat2d([flat, tf.ones([flat.shape[0], 1])], 1);
  const directions = tf.div(longer, tf.sqrt(tf.sum(tf.square(longer), 1, true))) as tf.Tensor2D;
  return { directions, classes: tf.reshape<tf.Rank.R2>(probabilities(logits), [-1, logits.shape[3]]) };
}

/** Sums of features by class, weighed by probabilities, and how many pixels each class is the likeliest of. */
const softSums = named((sight: Sight): tf.Tensor[] => {
  const { directions, classes } = pixelsOf(sight);
  const likeliest = tf.cast(tf.oneHot(tf.argMax(classes, 1) as tf.Tensor1D, classes.shape[1]), "float32");
  return [tf.matMul(classes, directions, true), tf.sum(likeliest, 0)];
});

/** The class of the nearest centroid in cosine distance, and sums of features by it. */
const nearest = named((sight: Sight, { centroids, absent }: Inputs): tf.Tensor[] => {
  const { directions, classes } = pixelsOf(sight);
  const near = tf.sub(tf.matMul(directions, centroids as tf.Tensor2D, false, true), tf.mul(absent, 4));
  const labels = tf.argMax(near, 1) as tf.Tensor1D;
  const chosen = tf.cast(tf.oneHot(labels, classes.shape[1]), "float32") as tf.Tensor2D;
  return [tf.cast(labels, "float32"), tf.matMul(chosen, directions, true)];
});

/**
 * SHOT's pseudo-labels (object/image_target.py): pixels go to the nearest of the classes' centroids, which are weighed by probabilities
 * first, and made a second time of what went to them. A class that no pixel is likeliest of has no centroid.
 * @returns the labels of every batch
 */
export async function pseudoLabels(network: Slot, visit: Visit, classes: number): Promise<Float32Array[]> {
  const soft = openSums();
  const counts = openSums();
  await visit(async (images) => {
    const [sums, likeliest] = network.ask(softSums, images);
    await soft.add(sums);
    await counts.add(likeliest);
  });
  const absent = tf.tensor1d(Array.from(counts.values(), (count) => (count > 0 ? 0 : 1)));
  const labelBy = async (sums: Float64Array, hear: (labels: Float32Array) => void): Promise<Float64Array> => {
    const centroids = tf.tensor2d(unitRows(sums, classes), [classes, sums.length / classes]);
    const next = openSums();
    await visit(async (images) => {
      const [labels, found] = network.ask(nearest, images, { centroids, absent });
      hear(await labels.data<"float32">());
      labels.dispose();
      await next.add(found);
    });
    centroids.dispose();
    return next.values();
  };
  const all: Float32Array[] = [];
  await labelBy(await labelBy(soft.values(), () => undefined), (labels) => all.push(labels));
  absent.dispose();
  return all;
}

/** Labels of a batch, one-hot. @param images whose size they have */
export function pseudoMasks(labels: Float32Array, { shape: [batch, height, width] }: tf.Tensor4D, classes: number) {
  return tf.tidy(() => oneHotMasks(tf.tensor3d(labels, [batch, height, width]), classes));
}

/** Adds up tensors in float64, and disposes of them. */
function openSums() {
  let sums = new Float64Array();
  return {
    async add(part: tf.Tensor): Promise<void> {
      const values = await part.data();
      part.dispose();
      if (sums.length === 0) sums = new Float64Array(values.length);
      for (let i = 0; i < values.length; i++) sums[i] += values[i];
    },
    values: () => sums,
  };
}

function unitRows(values: Float64Array, rows: number): Float32Array {
  const length = values.length / rows;
  const norms = Array.from({ length: rows }, (_, row) =>
    Math.hypot(...values.subarray(row * length, (row + 1) * length)),
  );
  return Float32Array.from(values, (value, i) => value / Math.max(norms[Math.floor(i / length)], 1e-12));
}
