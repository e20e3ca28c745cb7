import * as tf from "@tensorflow/tfjs-core";

/** What an engine with a kernel of its own for means over pixels registers. */
export const pixelMeanKernel = "PixelMean";
export const pixelMeanGradKernel = "PixelMeanGrad";

/**
 * The mean over pixels of an image that is also used otherwise. Whoever uses the image behind this takes `same`: its gradient and the
 * mean's are then added as it is computed, where the mean's alone would be as large as the image and written several times.
 * @param x `[batch, height, width, channel]`
 * @returns the mean `[batch, channel]` and the image again, both the caller's to dispose (or tidied)
 */
export function meanOverPixels(x: tf.Tensor4D): { mean: tf.Tensor2D; same: tf.Tensor4D } {
  if (!tf.getKernel(pixelMeanKernel, tf.getBackend())) return { mean: tf.mean(x, [1, 2]), same: x };
  const [mean, same] = tf.engine().runKernel(pixelMeanKernel, { x }) as tf.Tensor[];
  return { mean: mean as tf.Tensor2D, same: same as tf.Tensor4D };
}

/** Its gradient, where it is one kernel. */
export function registerPixelMeanGradient(): void {
  if (tf.getGradient(pixelMeanKernel)) return;
  tf.registerGradient({
    kernelName: pixelMeanKernel,
    gradFunc: (dys) => {
      const [mean, same] = dys as tf.Tensor[];
      return { x: () => tf.engine().runKernel(pixelMeanGradKernel, { mean, same }) as tf.Tensor };
    },
  });
}
