import * as tf from "@tensorflow/tfjs-core";
import { addressesOf, type WasmBackend } from "./heap";
import type { WasmLibrary } from "./library";

const { sizeFromShape: sizeOf } = tf.util;
const fourBytes = (type: tf.DataType): boolean => type === "float32" || type === "int32";

/** A copy that shares its memory, which no kernel writes to after it has returned: what the other back ends do. */
export function identityKernel(_library: WasmLibrary, original: tf.KernelConfig): tf.KernelConfig {
  return {
    ...original,
    kernelFunc: (call) => {
      const { x } = call.inputs as Record<string, tf.TensorInfo>;
      if (x.dtype === "string") return original.kernelFunc(call);
      (call.backend as WasmBackend).incRef(x.dataId);
      return { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
    },
  };
}

/** Cuts a tensor along an axis. The back end's copies the whole tensor once for every part. */
export function splitKernel(library: WasmLibrary, original: tf.KernelConfig): tf.KernelConfig {
  return {
    ...original,
    kernelFunc: (call) => {
      const { x } = call.inputs as Record<string, tf.Tensor>;
      if (!fourBytes(x.dtype)) return original.kernelFunc(call);
      const { numOrSizeSplits, axis } = call.attrs as unknown as tf.SplitVAttrs;
      const [along] = tf.util.parseAxisParam(axis, x.shape);
      const runs = sizeOf(x.shape.slice(0, along));
      const step = sizeOf(x.shape.slice(along));
      const backend = call.backend as WasmBackend;
      let from = addressesOf(backend, x)[0];
      return tf.backend_util.prepareSplitSize(x, numOrSizeSplits, along).map((length) => {
        const part = backend.makeOutput(
          x.shape.map((whole, each) => (each === along ? length : whole)),
          x.dtype,
        );
        const run = sizeOf(part.shape.slice(along));
        library.copyRuns(from, ...addressesOf(backend, part), runs, run, step, run);
        from += 4 * run;
        return part;
      });
    },
  };
}

/** Joins tensors along an axis. */
export function concatKernel(library: WasmLibrary, original: tf.KernelConfig): tf.KernelConfig {
  return {
    ...original,
    kernelFunc: (call) => {
      const parts = call.inputs as unknown as tf.TensorInfo[];
      if (!parts.every(({ dtype }) => dtype === parts[0].dtype && fourBytes(dtype))) return original.kernelFunc(call);
      const shapes = parts.map(({ shape }) => shape);
      const [along] = tf.util.parseAxisParam((call.attrs as unknown as tf.ConcatAttrs).axis, shapes[0]);
      tf.backend_util.assertParamsConsistent(shapes, along);
      const backend = call.backend as WasmBackend;
      const whole = backend.makeOutput(tf.backend_util.computeOutShape(shapes, along), parts[0].dtype);
      const runs = sizeOf(whole.shape.slice(0, along));
      const step = sizeOf(whole.shape.slice(along));
      let to = addressesOf(backend, whole)[0];
      for (const part of parts) {
        const run = sizeOf(part.shape.slice(along));
        library.copyRuns(...addressesOf(backend, part), to, runs, run, run, step);
        to += 4 * run;
      }
      return whole;
    },
  };
}
