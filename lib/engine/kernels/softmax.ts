import * as tf from "@tensorflow/tfjs-core";

/** What an engine registers that goes over the classes of a pixel at once; others do it in ordinary operations. */
export const softmaxKernel = "ClassProbabilities";
export const softmaxGradKernel = "ClassProbabilitiesGrad";
export const diceSumsKernel = "DiceSums";
/** More classes than this are left to ordinary operations. */
const mostClasses = 64;

/**
 * Probabilities of the classes: the softmax over the last axis. TensorFlow's own is a rounding off where two logits are equal, which
 * leaves a gradient where there is none.
 */
export const softmax: <Logits extends tf.Tensor>(logits: Logits) => Logits = tf.customGrad((logits, save) => {
  const value = probabilities(logits as tf.Tensor);
  (save as tf.GradSaveFunc)([value]);
  return { value, gradFunc: (dy: tf.Tensor, [p]: tf.Tensor[]) => probabilitiesGradient(p, dy) };
}) as <Logits extends tf.Tensor>(logits: Logits) => Logits;

export interface DiceSums {
  /** Of p + y - 2 p y over all pixels, `[class]`. */
  readonly apart: tf.Tensor1D;
  /** Of p y. */
  readonly both: tf.Tensor1D;
  /** Of p + y. */
  readonly either: tf.Tensor1D;
}

/** The sums of which the soft Dice loss is made; no gradient flows through them. @param p, y `[batch, height, width, class]` */
export function diceSums(p: tf.Tensor4D, y: tf.Tensor4D): DiceSums {
  if (isFast(p, diceSumsKernel)) {
    const [apart, both, either] = tf.unstack(
      tf.engine().runKernel(diceSumsKernel, { p, y }) as tf.Tensor2D,
    ) as tf.Tensor1D[];
    return { apart, both, either };
  }
  return {
    apart: sumOverPixels(tf.add(tf.mul(p, tf.sub(1, tf.mul(y, 2))), y)),
    both: sumOverPixels(tf.mul(p, y)),
    either: sumOverPixels(tf.add(p, y)),
  };
}

function probabilities(logits: tf.Tensor): tf.Tensor {
  if (isFast(logits, softmaxKernel)) return tf.engine().runKernel(softmaxKernel, { logits }) as tf.Tensor;
  const exponentials = tf.exp(tf.sub(logits, tf.max(logits, -1, true)));
  return tf.div(exponentials, tf.sum(exponentials, -1, true));
}

function probabilitiesGradient(p: tf.Tensor, dy: tf.Tensor): tf.Tensor {
  if (isFast(p, softmaxGradKernel)) return tf.engine().runKernel(softmaxGradKernel, { p, dy }) as tf.Tensor;
  return tf.mul(p, tf.sub(dy, tf.sum(tf.mul(dy, p), -1, true)));
}

function isFast({ shape }: tf.Tensor, kernel: string): boolean {
  return shape.length === 4 && shape[3] <= mostClasses && tf.getKernel(kernel, tf.getBackend()) !== undefined;
}

/** Row by row first: engines add one number after the other, and float32 loses 1e-5 in a sum of a whole batch. */
function sumOverPixels(x: tf.Tensor4D): tf.Tensor1D {
  return tf.sum(tf.sum(x, 2), [0, 1]);
}
