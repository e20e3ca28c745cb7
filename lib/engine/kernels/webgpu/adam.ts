import * as tf from "@tensorflow/tfjs-core";
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { adamKernel, type AdamSettings } from "../adam";
import { compute } from "./compute";

/** A step of Adam over one vector: a call for each vector that it gives, in place of a dozen. */
export const webgpuAdamKernel: tf.KernelConfig = {
  kernelName: adamKernel,
  backendName: "webgpu",
  kernelFunc: ({ inputs, backend, attrs }) => {
    const gpu = backend as WebGPUBackend;
    const { parameters, gradient, correction, rate, moment0, moment1, moment2 } = inputs as Readonly<
      Record<string, tf.TensorInfo>
    >;
    const { beta1, beta2, epsilon } = attrs as unknown as AdamSettings;
    const { shape } = parameters;
    const blend = (key: string, past: tf.TensorInfo, present: string, beta: number) =>
      compute(gpu, {
        key,
        inputs: { past, gradient },
        shape,
        floats: { kept: beta, taken: 1 - beta },
        body: `
          result[index] = past[index] * uniforms.kept + ${present} * uniforms.taken;`,
      });
    return tf.tidy(() => {
      const m = blend("moment", moment0, "gradient[index]", beta1);
      const v = blend("second moment", moment1, "(gradient[index] * gradient[index])", beta2);
      const largest = moment2 ? [tf.maximum(moment2 as tf.Tensor, v)] : [];
      const moved = compute(gpu, {
        key: "adam",
        inputs: { parameters, m, s: largest[0] ?? v, correction, rate },
        shape,
        floats: { epsilon },
        body: `
          let deviation = sqrt(s[index]) * correction[0] + uniforms.epsilon;
          result[index] = parameters[index] - m[index] / deviation * rate[0];`,
      });
      return [moved, m, v, ...largest];
    });
  },
};
