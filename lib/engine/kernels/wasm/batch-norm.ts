import type * as tf from "@tensorflow/tfjs-core";
import { batchNormTrainGradKernel, batchNormTrainKernel } from "../batch-norm";
import type { WasmBackend } from "./heap";
import type { WasmLibrary } from "./library";
import { withScratch } from "./scratch";
import { fromWholeVectors, inWholeVectors, roundUp } from "./whole-vectors";

/** Batch normalisation with sums in float64: fewer passes, and more exact, than composed operations. */
export function batchNormKernels(library: WasmLibrary): readonly tf.KernelConfig[] {
  /** Hands the function of the library the addresses of inputs and results, then the numbers of pixels and channels, then `more`. */
  type Run = (
    name: "batchNormalise" | "batchNormaliseGradient",
    backend: unknown,
    inputs: tf.TensorInfo[],
    shapes: number[][],
    ...more: number[]
  ) => tf.TensorInfo[];
  const run: Run = (name, backend, inputs, shapes, ...more) => {
    const results = shapes.map((shape) => (backend as WasmBackend).makeOutput(shape, "float32"));
    withScratch(backend, (scratch) => {
      const from = inputs.map((input) => inWholeVectors(library, scratch, input));
      const to = results.map((result) => fromWholeVectors(library, scratch, result));
      const [pixels, channels] = split(shapes[0]);
      library[name](...from, ...to.map(({ address }) => address), pixels, roundUp(channels), ...more);
      for (const { finish } of to) finish();
    });
    return results;
  };
  return [
    {
      kernelName: batchNormTrainKernel,
      backendName: "wasm",
      kernelFunc: ({ inputs, backend, attrs }) => {
        const { x, scale, offset } = inputs as Record<string, tf.TensorInfo>;
        const shapes = [x.shape, scale.shape, scale.shape, scale.shape];
        const [y, mean, inverse, variance] = run(
          "batchNormalise",
          backend,
          [x, scale, offset],
          shapes,
          attrs?.epsilon as number,
        );
        (backend as WasmBackend).incRef(mean.dataId);
        return [y, mean, variance, { ...mean }, inverse];
      },
    },
    {
      kernelName: batchNormTrainGradKernel,
      backendName: "wasm",
      kernelFunc: ({ inputs, backend }) => {
        const { dy, x, scale, reserved0, reserved1 } = inputs as Record<string, tf.TensorInfo>;
        return run(
          "batchNormaliseGradient",
          backend,
          [dy, x, scale, reserved0, reserved1],
          [x.shape, scale.shape, scale.shape],
        );
      },
    },
  ];
}

function split(shape: readonly number[]): [pixels: number, channels: number] {
  return [shape.slice(0, -1).reduce((product, length) => product * length, 1), shape[shape.length - 1]];
}
