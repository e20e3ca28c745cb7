import * as tf from "@tensorflow/tfjs-core";

/** What an engine with kernels of its own for means over pixels registers: of one image, and of two that become one. */
export const pixelMeanKernel = "PixelMean";
export const pixelMeanGradKernel = "PixelMeanGrad";
export const joinedMeanKernel = "JoinedPixelMean";
export const joinedMeanGradKernel = "JoinedPixelMeanGrad";

/** An image, or two of the same pixels whose channels are taken together. */
export type ImageParts = readonly [tf.Tensor4D] | readonly [tf.Tensor4D, tf.Tensor4D];

/** All channels of the parts in one image. */
export function joinedParts(parts: ImageParts): tf.Tensor4D {
  return parts.length === 1 ? parts[0] : tf.concat([...parts], 3);
}

/**
 * The mean over pixels of an image that is also used otherwise. Whoever uses the image behind this takes `image`: its gradient and the
 * mean's are then added as it is computed, where the mean's alone would be as large as the image and written several times.
 * @param parts `[batch, height, width, channel]`
 * @returns the mean `[batch, channel]` and the image again, with all channels, both the caller's to dispose (or tidied)
 */
export function meanOverPixels(parts: ImageParts): { mean: tf.Tensor2D; image: tf.Tensor4D } {
  if (!tf.getKernel(pixelMeanKernel, tf.getBackend())) {
    const image = joinedParts(parts);
    return { mean: tf.mean(image, [1, 2]), image };
  }
  const [first, second] = parts;
  const [mean, image] = (
    second
      ? tf.engine().runKernel(joinedMeanKernel, { first, second })
      : tf.engine().runKernel(pixelMeanKernel, { x: first })
  ) as tf.Tensor[];
  return { mean: mean as tf.Tensor2D, image: image as tf.Tensor4D };
}

/** Its gradients, where they are kernels. */
export function registerPixelMeanGradient(): void {
  if (tf.getGradient(pixelMeanKernel)) return;
  tf.registerGradient({
    kernelName: pixelMeanKernel,
    gradFunc: (dys) => {
      const [mean, image] = dys as tf.Tensor[];
      return { x: () => tf.engine().runKernel(pixelMeanGradKernel, { mean, image }) as tf.Tensor };
    },
  });
  tf.registerGradient({
    kernelName: joinedMeanKernel,
    inputsToSave: ["first"],
    gradFunc: (dys, [first]) => {
      const [mean, image] = dys as tf.Tensor[];
      // At once: both come out of one kernel.
      const [dFirst, dSecond] = tf.engine().runKernel(joinedMeanGradKernel, { mean, image, first }) as tf.Tensor[];
      return { first: () => dFirst, second: () => dSecond };
    },
  });
}
