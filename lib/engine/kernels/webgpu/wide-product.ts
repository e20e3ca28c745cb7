import * as tf from "@tensorflow/tfjs-core";

/** 65,535 workgroups, the least that every card has in a direction, of sixteen columns. */
const widest = 65535 * 16;

/** A matrix product whose second factor has more columns than one run of the card can have: in pieces. Routing mixes millions of weights. */
export function wideProductKernel(original: tf.KernelConfig): tf.KernelConfig {
  return {
    ...original,
    kernelFunc: (call) => {
      const { a, b } = call.inputs as Record<string, tf.Tensor>;
      const width = b.shape[b.shape.length - 1];
      const { transposeA, transposeB } = call.attrs as unknown as { transposeA: boolean; transposeB: boolean };
      if (transposeB || width <= widest) return original.kernelFunc(call);
      return tf.tidy(() => {
        const pieces: tf.Tensor[] = [];
        for (let start = 0; start < width; start += widest) {
          const size = Math.min(widest, width - start);
          const corner = b.shape.map((_, axis) => (axis === b.shape.length - 1 ? start : 0));
          const shape = b.shape.map((length, axis) => (axis === b.shape.length - 1 ? size : length));
          pieces.push(tf.matMul(a, tf.slice(b, corner, shape), transposeA, false));
        }
        return tf.concat(pieces, -1);
      });
    },
  };
}
