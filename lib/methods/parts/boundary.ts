import * as tf from "@tensorflow/tfjs-core";

/** How far the ring around a structure reaches, in pixels (FedDG 0a281e4). */
const ringWidth = 5;

/** Every pixel takes the largest of itself and its four neighbours; outside there is nothing. @param x `[batch, height, width, 1]` */
const dilated = (x: tf.Tensor4D): tf.Tensor4D =>
  tf.maximum(tf.maxPool(x, [3, 1], 1, "same"), tf.maxPool(x, [1, 3], 1, "same"));

/**
 * A structure's contour, which its erosion by a cross of four neighbours takes away (outside is background), and the ring around it that five
 * such dilations add.
 * @param mask 0 or 1, `[batch, height, width, 1]`
 */
export function boundaryOf(mask: tf.Tensor4D): { readonly contour: tf.Tensor4D; readonly ring: tf.Tensor4D } {
  const [batch, height, width] = mask.shape;
  const around = tf.pad(
    tf.sub(1, mask),
    [
      [0, 0],
      [1, 1],
      [1, 1],
      [0, 0],
    ],
    1,
  ) as tf.Tensor4D;
  const away = tf.slice(dilated(around), [0, 1, 1, 0], [batch, height, width, 1]);
  let grown = mask;
  for (let step = 0; step < ringWidth; step++) grown = dilated(grown);
  return { contour: tf.mul(mask, away), ring: tf.sub(grown, mask) };
}

/** Mean of a map over the pixels of a mask; 0 where there are none. @returns `[batch, channel]` */
function meanOn(map: tf.Tensor4D, mask: tf.Tensor4D): tf.Tensor {
  return tf.div(tf.sum(tf.mul(map, mask), [1, 2]), tf.maximum(tf.sum(mask, [1, 2]), 1));
}

/**
 * NT-Xent between a structure's contour and the ring around it: features of both passes on the contour should be alike, and unlike those
 * on the ring. Images that lack one of the two are left out (the published code gives no number then).
 * @param inner, outer maps of the same images as they are and as another client's, `[batch, height, width, channel]`
 */
export function boundaryContrast(
  inner: tf.Tensor4D,
  outer: tf.Tensor4D,
  mask: tf.Tensor4D,
  temperature: number | tf.Tensor,
): tf.Scalar {
  const batch = inner.shape[0];
  const { contour, ring } = boundaryOf(mask);
  const there = (part: tf.Tensor4D) => tf.sign(tf.sum(part, [1, 2, 3]));
  const valid = tf.tile(tf.mul(there(contour), there(ring)), [4]);
  const means = tf.concat([meanOn(inner, contour), meanOn(outer, contour), meanOn(inner, ring), meanOn(outer, ring)]);
  const lengths = tf.sqrt(tf.add(tf.sum(tf.square(means), 1, true), 1e-24));
  const directions = tf.div(means, lengths) as tf.Tensor2D;
  const similar = tf.div(tf.matMul(directions, directions, false, true), temperature);
  const onContour = tf.concat([tf.ones([2 * batch]), tf.zeros([2 * batch])]);
  const alike = tf.equal(tf.expandDims(onContour, 0), tf.expandDims(onContour, 1));
  const pairs = tf.mul(tf.expandDims(valid, 0), tf.expandDims(valid, 1));
  const others = tf.mul(pairs, tf.sub(1, tf.cast(alike, "float32")));
  const same = tf.mul(tf.mul(pairs, tf.cast(alike, "float32")), tf.sub(1, tf.eye(4 * batch)));
  const powers = tf.exp(similar);
  const against = tf.sum(tf.mul(powers, others), 1, true);
  const terms = tf.sub(tf.log(tf.add(powers, against)), similar);
  return tf.div(tf.sum(tf.mul(terms, same)), tf.maximum(tf.sum(same), 1)) as tf.Scalar;
}
