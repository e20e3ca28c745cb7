import * as tf from "@tensorflow/tfjs-core";

export interface BatchNormResult {
  /** `[batch, height, width, channel]`, normalised with the biased variance of the batch. */
  readonly y: tf.Tensor4D;
  /** `[channel]`, mean over batch and pixels. */
  readonly mean: tf.Tensor1D;
  /** `[channel]`, unbiased (n / (n - 1)): what PyTorch folds into the running variance. */
  readonly variance: tf.Tensor1D;
}

/** Every engine registers these two under its name; what it needs for the gradient it adds behind the first three outputs. */
export const batchNormTrainKernel = "BatchNormTrain";
export const batchNormTrainGradKernel = "BatchNormTrainGrad";

/**
 * Batch normalisation with the statistics of the batch. Differentiable in `x`, `scale` and `offset`; no gradient flows through the
 * returned statistics.
 * @param x `[batch, height, width, channel]`
 * @param epsilon added to the biased variance inside the root
 * @returns three tensors, the caller's to dispose (or tidied)
 */
export function batchNormTrain(
  x: tf.Tensor4D,
  scale: tf.Tensor1D,
  offset: tf.Tensor1D,
  epsilon: number,
): BatchNormResult {
  const outputs = tf.engine().runKernel(batchNormTrainKernel, { x, scale, offset }, { epsilon }) as tf.Tensor[];
  const [y, mean, variance, ...reserved] = outputs;
  tf.dispose(reserved);
  return { y: y as tf.Tensor4D, mean: mean as tf.Tensor1D, variance: variance as tf.Tensor1D };
}

/** What an engine registers that normalises and cuts off in one pass; others do one after the other. */
export const batchNormReluTrainKernel = "BatchNormReluTrain";
export const batchNormReluTrainGradKernel = "BatchNormReluTrainGrad";

/** `batchNormTrain` with its `y` behind a ReLU, as every layer of the network has it. */
export function batchNormReluTrain(
  x: tf.Tensor4D,
  scale: tf.Tensor1D,
  offset: tf.Tensor1D,
  epsilon: number,
): BatchNormResult {
  if (!tf.getKernel(batchNormReluTrainKernel, tf.getBackend())) {
    const { y, mean, variance } = batchNormTrain(x, scale, offset, epsilon);
    return { y: tf.relu(y), mean, variance };
  }
  const [y, mean, variance, inverse] = tf
    .engine()
    .runKernel(batchNormReluTrainKernel, { x, scale, offset }, { epsilon }) as tf.Tensor[];
  inverse.dispose();
  return { y: y as tf.Tensor4D, mean: mean as tf.Tensor1D, variance: variance as tf.Tensor1D };
}

/** The gradient of normalisation with ReLU, where it is one kernel. */
export function registerBatchNormReluGradient(): void {
  if (tf.getGradient(batchNormReluTrainKernel)) return;
  tf.registerGradient({
    kernelName: batchNormReluTrainKernel,
    inputsToSave: ["x", "scale", "offset"],
    outputsToSave: [false, true, false, true],
    gradFunc: (dys, [x, scale, offset, mean, inverse]) => {
      const dy = (dys as tf.Tensor[])[0];
      const [dx, dScale, dOffset] = tf
        .engine()
        .runKernel(batchNormReluTrainGradKernel, { dy, x, scale, offset, mean, inverse }) as tf.Tensor[];
      return { x: () => dx, scale: () => dScale, offset: () => dOffset };
    },
  });
}

/** Registered once for all engines: it only runs the engine's own gradient kernel. */
export function registerBatchNormGradient(): void {
  if (tf.getGradient(batchNormTrainKernel)) return;
  tf.registerGradient({
    kernelName: batchNormTrainKernel,
    inputsToSave: ["x", "scale"],
    outputsToSave: [false, false, false, true, true, true],
    gradFunc: (dys, [x, scale, ...reserved], attributes) => {
      const dy = (dys as tf.Tensor[])[0];
      const inputs = Object.fromEntries(reserved.map((tensor, index) => [`reserved${index}`, tensor]));
      // Computed at once: a tensor made inside one of the functions below would be freed before the next one asks for it.
      const [dx, dScale, dOffset] = tf
        .engine()
        .runKernel(batchNormTrainGradKernel, { dy, x, scale, ...inputs }, attributes) as tf.Tensor[];
      return { x: () => dx, scale: () => dScale, offset: () => dOffset };
    },
  });
}
