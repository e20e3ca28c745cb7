import * as tf from "@tensorflow/tfjs-core";

export const reluGradKernel = "ReluGrad";

/** Replaces the gradient of `tf.relu`, composed of three operations, by one kernel that every engine registers. */
export function registerReluGradient(): void {
  if (tf.getGradient(tf.Relu)?.outputsToSave) return;
  tf.unregisterGradient(tf.Relu);
  tf.registerGradient({
    kernelName: tf.Relu,
    outputsToSave: [true],
    gradFunc: (dy, [y]) => ({
      x: () => tf.engine().runKernel(reluGradKernel, { dy: dy as tf.Tensor, y }) as tf.Tensor,
    }),
  });
}
