import * as tf from "@tensorflow/tfjs-core";
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { diceSumsKernel, softmaxGradKernel, softmaxKernel } from "../softmax";
import { compute } from "./compute";
import { pixelSums } from "./sums";

/** Softmax over the classes with its gradient, a thread for each pixel, and the sums of soft Dice in one reading. */
export function registerObjective(): void {
  register(softmaxKernel, (gpu, { logits }) =>
    compute(gpu, {
      key: "softmax",
      inputs: { logits },
      ...perPixel(logits),
      body: `
          let first = index * uniforms.classes;
          var largest = logits[first];
          for (var k = 1; k < uniforms.classes; k++) { largest = max(largest, logits[first + k]); }
          var sum = 0.0;
          for (var k = 0; k < uniforms.classes; k++) { sum += exp(logits[first + k] - largest); }
          for (var k = 0; k < uniforms.classes; k++) { result[first + k] = exp(logits[first + k] - largest) / sum; }`,
    }),
  );
  register(softmaxGradKernel, (gpu, { p, dy }) =>
    compute(gpu, {
      key: "softmax gradient",
      inputs: { p, dy },
      ...perPixel(p),
      body: `
          let first = index * uniforms.classes;
          var joint = 0.0;
          for (var k = 0; k < uniforms.classes; k++) { joint += dy[first + k] * p[first + k]; }
          for (var k = 0; k < uniforms.classes; k++) { result[first + k] = p[first + k] * (dy[first + k] - joint); }`,
    }),
  );
  register(diceSumsKernel, (gpu, { p, y }) => {
    const channels = p.shape[3];
    const sums = pixelSums(gpu, {
      key: "dice",
      inputs: { p, y },
      samples: 1,
      pixels: tf.util.sizeFromShape(p.shape) / channels,
      channels,
      terms: ["p[at] * (1.0 - 2.0 * y[at]) + y[at]", "p[at] * y[at]", "p[at] + y[at]"],
    });
    return tf.reshape(sums, [3, channels]);
  });
}

function perPixel({ shape }: tf.TensorInfo): Pick<Parameters<typeof compute>[1], "shape" | "threads" | "integers"> {
  const classes = shape[3];
  return { shape, threads: tf.util.sizeFromShape(shape) / classes, integers: { classes } };
}

type Compute = (gpu: WebGPUBackend, inputs: Readonly<Record<string, tf.TensorInfo>>) => tf.Tensor;

function register(kernelName: string, run: Compute): void {
  tf.registerKernel({
    kernelName,
    backendName: "webgpu",
    kernelFunc: ({ inputs, backend }) =>
      tf.tidy(() => run(backend as WebGPUBackend, inputs as Readonly<Record<string, tf.TensorInfo>>)),
  });
}
