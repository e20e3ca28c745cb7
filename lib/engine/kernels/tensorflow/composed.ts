import * as tf from "@tensorflow/tfjs-core";
import { replaceByOwn } from "./own-operations";

/**
 * Operations that TensorFlow computes by instructions that it chooses for the processor, composed of ours: products of matrices are
 * convolutions of single pixels, softmax and normalisation with given statistics a few steps over every number. A method may use them and
 * still give the same bytes everywhere. Products of batches of matrices are left to the library: nothing of ours asks for them.
 */
export function registerComposed(): void {
  replaceByOwn(tf.BatchMatMul, (library) => (call) => {
    const { a, b } = call.inputs as unknown as Readonly<Record<"a" | "b", tf.Tensor2D>>;
    const { transposeA, transposeB } = call.attrs as unknown as tf.BatchMatMulAttrs;
    if (a.shape.length !== 2 || b.shape.length !== 2 || a.dtype !== "float32" || b.dtype !== "float32")
      return library(call);
    return tf.tidy(() => product(transposeA ? tf.transpose(a) : a, transposeB ? tf.transpose(b) : b));
  });
  replaceByOwn(tf.Softmax, () => (call) => {
    const { logits } = call.inputs as unknown as Readonly<Record<"logits", tf.Tensor>>;
    const { dim } = call.attrs as unknown as tf.SoftmaxAttrs;
    return tf.tidy(() => tf.exp(tf.logSoftmax(logits, dim)));
  });
  replaceByOwn(tf.FusedBatchNorm, () => (call) => {
    const { x, mean, variance, offset, scale } = call.inputs as unknown as Readonly<
      Record<"x" | "mean" | "variance", tf.Tensor>
    > & { readonly offset?: tf.Tensor; readonly scale?: tf.Tensor };
    const { varianceEpsilon } = call.attrs as unknown as tf.FusedBatchNormAttrs;
    return tf.tidy(() => {
      const inverse = tf.rsqrt(tf.add(variance, varianceEpsilon));
      const normalised = tf.mul(tf.sub(x, mean), scale ? tf.mul(inverse, scale) : inverse);
      return offset ? tf.add(normalised, offset) : normalised;
    });
  });
}

/** Above it a chain of sums in float32 loses digits; our `Sum` adds in float64, for as many results as memory allows at once. */
const longChain = { inner: 1024, results: 64 } as const;

/** `[rows, inner] x [inner, columns]`: rows are pixels, columns are channels. */
function product(a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor2D {
  const [[rows, inner], [, columns]] = [a.shape, b.shape];
  if (inner > longChain.inner && rows * columns <= longChain.results)
    return tf.sum(tf.mul(tf.reshape(a, [rows, 1, inner]), tf.reshape(tf.transpose(b), [1, columns, inner])), 2);
  const pixels = tf.reshape<tf.Rank.R4>(a, [1, rows, 1, inner]);
  const filter = tf.reshape<tf.Rank.R4>(b, [1, 1, inner, columns]);
  return tf.reshape<tf.Rank.R2>(tf.conv2d(pixels, filter, 1, "valid"), [rows, columns]);
}
