import { after, before, test } from "node:test";
import * as tf from "@tensorflow/tfjs-core";
import { adamStep, batchNormReluTrain, diceSums, mixedConvolution, softmax } from "../../lib/engine";
import { absentCard, assertClose, onBoth, removeCard, startCard, waves, type Shape4D } from "./card";

/** What layers and steps are made of, as shaders of ours against ordinary operations of the cpu back end. */
before(startCard);
after(removeCard);

const image = (shape: Shape4D, step: number) => tf.tensor4d(waves(tf.util.sizeFromShape(shape), step), shape);
const vector = (length: number, step: number) => tf.tensor1d(waves(length, step));

function onCard(title: string, tolerance: number, ...bodies: (() => tf.Tensor[])[]): void {
  test(`webgpu: ${title}`, async (context) => {
    if (absentCard()) return context.skip(absentCard());
    for (const body of bodies) assertClose(await onBoth(body), tolerance);
  });
}

const normalised = (shape: Shape4D) => () => {
  const channels = shape[3];
  // Far from zero, where sums of squares would lose the variance.
  const x = tf.add(image(shape, 1.3), 20);
  const [scale, offset] = [vector(channels, 0.7), vector(channels, 2.1)];
  const run = (...[input, by, shift]: tf.Tensor[]) =>
    batchNormReluTrain(input as tf.Tensor4D, by as tf.Tensor1D, shift as tf.Tensor1D, 1e-5);
  const { y, mean, variance } = run(x, scale, offset);
  const gradients = tf.grads((...all: tf.Tensor[]) => run(...all).y)([x, scale, offset], image(shape, 0.9));
  return [y, mean, variance, ...gradients];
};

onCard("normalisation with ReLU and its gradients", 2e-5, normalised([2, 5, 7, 3]), normalised([2, 40, 33, 4]));

onCard("a convolution with bias and ReLU", 2e-6, () =>
  (["linear", "relu"] as const).map((activation) =>
    tf.fused.conv2d({
      x: image([2, 9, 18, 4], 1.7),
      filter: image([3, 3, 4, 8], 0.9),
      strides: 1,
      pad: "same",
      bias: vector(8, 3.1),
      activation,
    }),
  ),
);

/** Rounded, so that windows have equal largest; all below zero, where a gradient that starts from zero is lost. */
const pooled = (shape: Shape4D, window: number, pad: "same" | "valid") => () => {
  const x = tf.sub(tf.round(tf.mul(image(shape, 1.3), 3)), 5) as tf.Tensor4D;
  const pool = (each: tf.Tensor4D) => tf.maxPool(each, window, 2, pad);
  const y = pool(x);
  return [y, tf.grad((each) => pool(each as tf.Tensor4D))(x, image(y.shape, 0.7))];
};

onCard(
  "max-pooling by halves and its gradient",
  1e-7,
  pooled([2, 8, 12, 3], 2, "valid"),
  pooled([1, 6, 4, 5], 2, "same"),
);
onCard(
  "max-pooling that does not halve",
  1e-6,
  pooled([2, 7, 9, 3], 2, "valid"),
  pooled([2, 8, 7, 3], 3, "same"),
  pooled([1, 5, 6, 2], 5, "same"),
);

const objective = (shape: Shape4D) => () => {
  const logits = tf.mul(image(shape, 1.1), 30);
  const truth = tf.cast(tf.greater(image(shape, 0.4), 0), "float32") as tf.Tensor4D;
  const { apart, both, either } = diceSums(softmax(logits) as tf.Tensor4D, truth);
  return [softmax(logits), apart, both, either, tf.grad((x) => softmax(x))(logits, image(shape, 0.6))];
};

onCard("softmax, its gradient and the sums of Dice", 2e-6, objective([2, 6, 7, 2]), objective([1, 64, 33, 3]));

onCard("Adam with and without AMSGrad", 1e-6, () =>
  [2, 3].flatMap((count) => {
    const moments = Array.from({ length: count }, (_, n) => tf.abs(vector(300, n + 2)) as tf.Tensor1D);
    const settings = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
    return adamStep(settings, vector(300, 1), vector(300, 5), moments, tf.scalar(1.7), tf.scalar(0.01));
  }),
);

/** @param kernel `[kh, kw, in, out]`, transposed `[kh, kw, out, in]` */
const mixed = (x: Shape4D, kernel: Shape4D, transposed: boolean, biased: boolean) => () => {
  const [samples, experts] = [x[0], 3];
  const outputs = kernel[transposed ? 2 : 3];
  const kernels = tf.tensor2d(waves(experts * tf.util.sizeFromShape(kernel), 0.8), [
    experts,
    tf.util.sizeFromShape(kernel),
  ]);
  const biases = biased ? tf.tensor2d(waves(experts * outputs, 1.9), [experts, outputs]) : undefined;
  const gate = tf.tensor2d(waves(samples * experts, 2.3), [samples, experts]);
  const run = (input: tf.Tensor, by: tf.Tensor) =>
    mixedConvolution(input as tf.Tensor4D, by as tf.Tensor2D, { kernels, biases }, { kernel, transposed });
  const y = run(image(x, 1.7), gate);
  return [y, ...tf.grads(run)([image(x, 1.7), gate], image(y.shape, 0.5))];
};

onCard(
  "convolutions mixed for every sample, and their gradients in images and gates",
  5e-6,
  mixed([3, 9, 17, 4], [3, 3, 4, 8], false, false),
  mixed([2, 6, 5, 3], [3, 3, 3, 5], false, true),
  mixed([3, 5, 7, 6], [2, 2, 3, 6], true, true),
  mixed([3, 5, 7, 6], [1, 1, 6, 2], false, true),
);
