import * as tf from "@tensorflow/tfjs-core";
import { diceSums, softmax } from "../../engine";

/** Keeps the soft Dice of an absent class finite (`utils/loss.py:34`). */
const diceSmooth = 1e-5;
/** Keeps the logarithm finite (`federated/model_trainer_segmentation.py`). */
const logarithmFloor = 1e-6;
/** Side of the window of the shape term: 10 pixels to every side. */
const shapeWindow = 21;
const shapeScale = 1e-6;

/**
 * `1 - mean_k (2 sum(p_k y_k) + 1e-5) / (sum p_k + sum y_k + 1e-5)` with sums over the batch and all pixels; k runs over all classes,
 * the background among them.
 * @param logits `[batch, height, width, class]`
 * @param truth one-hot, of the same shape
 */
export function softDiceLoss(logits: tf.Tensor4D, truth: tf.Tensor4D): tf.Scalar {
  // The value as one fraction, sum(p + y - 2 p y) / (sum p + sum y + 1e-5), since the difference of two numbers close to 1 would be
  // rounding; the gradient the other way round, since there it is the fraction that cancels.
  const loss = tf.customGrad((p, save) => {
    const { apart, both, either: sums } = diceSums(p as tf.Tensor4D, truth);
    const either = tf.add(sums, diceSmooth);
    (save as tf.GradSaveFunc)([both, either]);
    return {
      value: tf.mean(tf.div(apart, either)),
      gradFunc(dy: tf.Tensor, [common, all]: tf.Tensor[]) {
        const share = tf.div(dy, all.size);
        const ofEvery = tf.mul(share, tf.div(tf.add(tf.mul(common, 2), diceSmooth), tf.square(all)));
        return tf.sub(ofEvery, tf.mul(truth, tf.mul(share, tf.div(2, all))));
      },
    };
  });
  return tf.tidy(() => loss(softmax(logits)) as tf.Scalar);
}

/** @param logits `[batch, height, width, class]` @returns their softmax over the classes */
export const probabilities = (logits: tf.Tensor4D): tf.Tensor4D => softmax(logits);

/** @param masks classes `[batch, height, width]` @returns one-hot float32 `[batch, height, width, class]` */
export function oneHotMasks(masks: tf.Tensor, classes: number): tf.Tensor4D {
  return tf.tidy(() => tf.cast(tf.oneHot(tf.cast(masks, "int32") as tf.Tensor3D, classes), "float32") as tf.Tensor4D);
}

/**
 * Which axis the entropy sums over. The official code sums over the batch (`dim=0`), which makes the term grow with the batch; the
 * entropy of a prediction sums over classes.
 */
export type EntropyAxis = "batch" | "class";

/**
 * `-sum p log(p + 1e-6) / log(classes)`, summed over one axis and averaged over the others: with `class` between 0 (certain) and 1.
 * @param probabilities `[batch, height, width, class]`
 */
export function entropyLoss(probabilities: tf.Tensor4D, axis: EntropyAxis): tf.Scalar {
  return tf.tidy(() => {
    const [batch, , , classes] = probabilities.shape;
    const terms = tf.mul(probabilities, tf.log(tf.add(probabilities, logarithmFloor)));
    return tf.mul(tf.mean(terms), -(axis === "batch" ? batch : classes) / Math.log(classes)) as tf.Scalar;
  });
}

/** Mean squared difference of two predictions; the gradient reaches both. @param a, b probabilities `[batch, height, width, class]` */
export function consistencyLoss(a: tf.Tensor4D, b: tf.Tensor4D): tf.Scalar {
  return tf.tidy(() => tf.mean(tf.square(tf.sub(a, b))) as tf.Scalar);
}

/**
 * `|| 1e-6 (maxpool21(q) + maxpool21(-q)) ||`: dilation minus erosion of the foreground q, a soft length of its boundary. The norm runs
 * over the whole batch; where it is 0, so is its gradient.
 * @param probabilities `[batch, height, width, class]`; all classes but 0 together are the foreground
 */
export function shapeLoss(probabilities: tf.Tensor4D): tf.Scalar {
  return tf.tidy(() => {
    const foreground = tf.sum(tf.slice(probabilities, [0, 0, 0, 1], [-1, -1, -1, -1]), 3) as tf.Tensor3D;
    // As one batch.
    const [dilated, eroded] = tf.split(largestNearby(tf.concat([foreground, tf.neg(foreground)])), 2);
    return tf.mul(norm(tf.add(dilated, eroded)), shapeScale) as tf.Scalar;
  });
}

/** The Euclidean norm, with gradient 0 where it is 0. */
const norm = tf.customGrad((x, save) => {
  const value = tf.sqrt(tf.sum(tf.square(x as tf.Tensor)));
  (save as tf.GradSaveFunc)([x as tf.Tensor, value]);
  return { value, gradFunc: (dy: tf.Tensor, [input, length]: tf.Tensor[]) => tf.mul(dy, tf.divNoNan(input, length)) };
});

/**
 * Rows first, then columns: the same maxima, and the same choice among ties, as one square window, in a tenth of the time. What is not
 * pooled stands in the place of channels, along which engines work on many numbers at once.
 * @param x `[batch, height, width]`
 */
function largestNearby(x: tf.Tensor3D): tf.Tensor3D {
  return largestAbove(tf.transpose(largestAbove(tf.transpose(x, [0, 2, 1])), [0, 2, 1]));
}

/** The maxima in a window along the first axis behind the batch. */
function largestAbove(x: tf.Tensor3D): tf.Tensor3D {
  const [batch, length, others] = x.shape;
  return tf.reshape(
    tf.maxPool(tf.reshape<tf.Rank.R4>(x, [batch, length, 1, others]), [shapeWindow, 1], 1, "same"),
    x.shape,
  );
}
