import type * as tf from "@tensorflow/tfjs-core";
import { batchNormTrainGradKernel, batchNormTrainKernel } from "../batch-norm";
import { viewsOf } from "./heap";

/** Batch normalisation as loops over the engine's memory with sums in float64: fewer passes, and more exact, than composed operations. */
export const wasmBatchNormKernels: readonly tf.KernelConfig[] = [
  {
    kernelName: batchNormTrainKernel,
    backendName: "wasm",
    kernelFunc: ({ inputs, backend, attrs }) => {
      const { x, scale, offset } = inputs as Record<string, tf.TensorInfo>;
      const channels = scale.shape;
      const { views, outputs, results } = viewsOf(backend, [x, scale, offset], {
        y: x.shape,
        mean: channels,
        variance: channels,
        reservedMean: channels,
        reservedInverse: channels,
      });
      const [values, scales, offsets] = views;
      const width = channels[0];
      const count = values.length / width;
      const means = new Float64Array(width);
      const squares = new Float64Array(width);
      for (let i = 0; i < values.length; ) for (let c = 0; c < width; c++, i++) means[c] += values[i];
      for (let c = 0; c < width; c++) means[c] /= count;
      for (let i = 0; i < values.length; ) {
        for (let c = 0; c < width; c++, i++) {
          const centred = values[i] - means[c];
          squares[c] += centred * centred;
        }
      }
      const factors = new Float64Array(width);
      for (let c = 0; c < width; c++) {
        const inverse = 1 / Math.sqrt(squares[c] / count + (attrs?.epsilon as number));
        results.mean[c] = results.reservedMean[c] = means[c];
        results.variance[c] = squares[c] / Math.max(1, count - 1);
        results.reservedInverse[c] = inverse;
        factors[c] = inverse * scales[c];
      }
      for (let i = 0; i < values.length; ) for (let c = 0; c < width; c++, i++) results.y[i] = (values[i] - means[c]) * factors[c] + offsets[c];
      return Object.values(outputs);
    },
  },
  {
    kernelName: batchNormTrainGradKernel,
    backendName: "wasm",
    kernelFunc: ({ inputs, backend }) => {
      const { dy, x, scale, reserved0, reserved1 } = inputs as Record<string, tf.TensorInfo>;
      const shapes = { dx: x.shape, dScale: scale.shape, dOffset: scale.shape };
      const { views, outputs, results } = viewsOf(backend, [dy, x, scale, reserved0, reserved1], shapes);
      const [upstream, values, scales, means, inverses] = views;
      const width = scales.length;
      const count = values.length / width;
      const sums = new Float64Array(width);
      const products = new Float64Array(width);
      for (let i = 0; i < values.length; ) {
        for (let c = 0; c < width; c++, i++) {
          sums[c] += upstream[i];
          products[c] += upstream[i] * (values[i] - means[c]);
        }
      }
      const slopes = new Float64Array(width);
      const gains = new Float64Array(width);
      for (let c = 0; c < width; c++) {
        results.dScale[c] = products[c] * inverses[c];
        results.dOffset[c] = sums[c];
        sums[c] /= count;
        slopes[c] = (products[c] * inverses[c] * inverses[c]) / count;
        gains[c] = scales[c] * inverses[c];
      }
      for (let i = 0; i < values.length; ) {
        for (let c = 0; c < width; c++, i++) {
          results.dx[i] = (upstream[i] - sums[c] - (values[i] - means[c]) * slopes[c]) * gains[c];
        }
      }
      return Object.values(outputs);
    },
  },
];
