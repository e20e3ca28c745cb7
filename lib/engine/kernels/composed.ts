import * as tf from "@tensorflow/tfjs-core";
import { batchNormTrainGradKernel, batchNormTrainKernel, registerBatchNormGradient } from "./batch-norm";
import { registerReluGradient, reluGradKernel } from "./relu";

const overPixels = [0, 1, 2];

/** The workbench's kernels out of ordinary operations, for engines without faster ones. */
export function registerComposedKernels(backendName: string): void {
  registerBatchNormGradient();
  registerReluGradient();
  if (tf.getKernel(reluGradKernel, backendName)) return;

  tf.registerKernel({
    kernelName: reluGradKernel,
    backendName,
    kernelFunc: ({ inputs }) => tf.tidy(() => tf.mul(inputs.dy as tf.Tensor, tf.step(inputs.y as tf.Tensor))),
  });

  tf.registerKernel({
    kernelName: batchNormTrainKernel,
    backendName,
    kernelFunc: ({ inputs, attrs }) =>
      tf.tidy(() => {
        const [x, scale, offset] = [inputs.x, inputs.scale, inputs.offset] as tf.Tensor[];
        const count = x.size / scale.size;
        const mean = tf.mean(x, overPixels);
        const centred = tf.sub(x, mean);
        const biased = tf.mean(tf.square(centred), overPixels);
        const inverseDeviation = tf.rsqrt(tf.add(biased, attrs?.epsilon as number));
        const y = tf.add(tf.mul(centred, tf.mul(inverseDeviation, scale)), offset);
        return [y, mean, tf.mul(biased, count / Math.max(1, count - 1)), tf.clone(mean), inverseDeviation];
      }),
  });

  tf.registerKernel({
    kernelName: batchNormTrainGradKernel,
    backendName,
    kernelFunc: ({ inputs }) =>
      tf.tidy(() => {
        const [dy, x, scale, mean, inverseDeviation] = [
          inputs.dy,
          inputs.x,
          inputs.scale,
          inputs.reserved0,
          inputs.reserved1,
        ] as tf.Tensor[];
        const normalised = tf.mul(tf.sub(x, mean), inverseDeviation);
        const dScale = tf.sum(tf.mul(dy, normalised), overPixels);
        const dOffset = tf.sum(dy, overPixels);
        const count = x.size / scale.size;
        const ownPart = tf.sub(dy, tf.div(tf.add(dOffset, tf.mul(normalised, dScale)), count));
        return [tf.mul(ownPart, tf.mul(scale, inverseDeviation)), dScale, dOffset];
      }),
  });
}
