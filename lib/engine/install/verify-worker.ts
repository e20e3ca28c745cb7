import * as tf from "@tensorflow/tfjs-core";
import { startEngine } from "../start";

/** Differences allowed between the gradient and its central difference, both in float32. */
const tolerance = 1e-2;

/** Trains one step of gradient descent on a convolution and compares one entry of its gradient with a central difference. */
async function main(): Promise<void> {
  const engine = await startEngine("tensorflow", { threads: 1 });
  const pattern = (count: number) => Float32Array.from({ length: count }, (_, i) => Math.sin(1 + i * i));
  const image = tf.tensor4d(pattern(2 * 8 * 8 * 3), [2, 8, 8, 3]);
  const filter = tf.tensor4d(pattern(3 * 3 * 3 * 4), [3, 3, 3, 4]);
  const loss = (weights: tf.Tensor): tf.Scalar =>
    tf.mean(tf.square(tf.conv2d(image, weights as tf.Tensor4D, 1, "same")));

  const gradient = tf.grad(loss)(filter);
  const step = 1e-2;
  const direction = tf
    .oneHot(tf.tensor1d([40], "int32"), filter.size)
    .reshape(filter.shape)
    .cast("float32");
  const at = (distance: number) => loss(tf.add(filter, tf.mul(direction, distance))).dataSync()[0];
  const numerical = (at(step) - at(-step)) / (2 * step);
  const analytic = gradient.dataSync()[40];
  if (!(Math.abs(analytic - numerical) <= tolerance * Math.max(1, Math.abs(numerical)))) {
    throw new Error(`TensorFlow computes a wrong gradient: ${analytic}, numerically ${numerical}`);
  }
  const before = loss(filter).dataSync()[0];
  const after = loss(tf.sub(filter, tf.mul(gradient, 0.01))).dataSync()[0];
  if (!(after < before)) throw new Error(`a training step on TensorFlow moved the loss from ${before} to ${after}`);
  process.stdout.write(`${JSON.stringify({ version: engine.version, device: engine.device })}\n`);
}

main().catch((error) => {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exit(1);
});
