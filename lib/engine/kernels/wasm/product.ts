import * as tf from "@tensorflow/tfjs-core";
import { addressesOf, type WasmBackend } from "./heap";
import type { WasmLibrary } from "./library";

/**
 * Products of a matrix with the transpose of another as dot products of rows. The back end rearranges the second matrix first, which
 * takes longer than the product where there are few rows.
 * @param original the back end's kernel, which keeps doing all other products
 */
export function productKernel(library: WasmLibrary, original: tf.KernelConfig): tf.KernelConfig {
  return {
    ...original,
    kernelFunc: (call) => {
      const { a, b } = call.inputs as Record<string, tf.TensorInfo>;
      const { transposeA, transposeB } = call.attrs as unknown as tf.BatchMatMulAttrs;
      const [rows, length] = a.shape.slice(-2);
      const [columns] = b.shape.slice(-2);
      const matrices =
        tf.util.sizeFromShape(a.shape) === rows * length && tf.util.sizeFromShape(b.shape) === columns * length;
      if (
        transposeA ||
        !transposeB ||
        !matrices ||
        a.shape.length !== b.shape.length ||
        a.dtype !== "float32" ||
        b.dtype !== "float32"
      ) {
        return original.kernelFunc(call);
      }
      const wasm = call.backend as WasmBackend;
      const y = wasm.makeOutput([...a.shape.slice(0, -2), rows, columns], "float32");
      library.dotProducts(...addressesOf(wasm, a, b, y), rows, columns, length);
      return y;
    },
  };
}
