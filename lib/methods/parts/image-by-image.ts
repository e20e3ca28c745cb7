import * as tf from "@tensorflow/tfjs-core";

/** Adapts to and predicts the images of a batch one after the other. @param each gets `[1, height, width, channel]`, and gives logits */
export async function imageByImage(
  images: tf.Tensor4D,
  each: (image: tf.Tensor4D) => Promise<tf.Tensor4D>,
): Promise<tf.Tensor4D> {
  const single = tf.split<tf.Tensor4D>(images, images.shape[0]);
  const logits: tf.Tensor4D[] = [];
  try {
    for (const image of single) logits.push(await each(image));
    return tf.concat4d(logits, 0);
  } finally {
    tf.dispose([...single, ...logits]);
  }
}
