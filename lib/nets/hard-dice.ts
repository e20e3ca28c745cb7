import * as tf from "@tensorflow/tfjs-core";

/** In the denominator only, so that a class that is absent from both masks scores 0 (`utils/loss.py:37-62`). */
const absent = 1e-5;

/**
 * `2 |A B| / (|A| + |B| + 1e-5)` of the most probable class against the truth. The official code's Dice of a slice is the mean of its
 * row, background included; the usual one is the column of the foreground.
 * @param logits `[batch, height, width, class]`
 * @param truth one-hot, of the same shape
 * @returns `[batch, class]`, 0 to 1, the caller's to dispose
 */
export function hardDice(logits: tf.Tensor4D, truth: tf.Tensor4D): tf.Tensor2D {
  return tf.tidy(() => {
    const predicted = tf.cast(tf.oneHot(tf.argMax(logits, 3) as tf.Tensor3D, truth.shape[3]), "float32");
    const overPixels = [1, 2];
    const both = tf.sum(tf.mul(predicted, truth), overPixels);
    const either = tf.add(tf.sum(predicted, overPixels), tf.sum(truth, overPixels));
    return tf.div(tf.mul(both, 2), tf.add(either, absent)) as tf.Tensor2D;
  });
}
