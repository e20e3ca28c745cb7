import * as tf from "@tensorflow/tfjs-core";
import { test } from "node:test";
import { convolveBlocks, enlargeBlocks } from "../../lib/engine";
import { convolveInLoops } from "./convolution-reference";
import { assertClose, leavingNoTensors, onEveryEngine, pattern } from "./engines";

/** Of the smaller image; the larger one is `size` times as high and wide. */
type Shape = readonly [size: number, batch: number, rows: number, columns: number, large: number, small: number];

const shapes: readonly Shape[] = [
  [1, 2, 5, 7, 8, 2],
  [1, 1, 4, 4, 3, 8],
  [1, 2, 3, 3, 300, 5],
  [1, 2, 4, 5, 16, 33],
  [2, 3, 8, 8, 8, 16],
  [2, 2, 5, 3, 7, 9],
  [2, 1, 1, 4, 24, 40],
  [3, 2, 3, 4, 5, 8],
];

onEveryEngine("convolutions with a stride as large as their kernel", ["tensorflow", "wasm", "cpu"], () => {
  for (const [size, batch, rows, columns, large, small] of shapes) {
    const largeShape = [batch, rows * size, columns * size, large] as const;
    const smallShape = [batch, rows, columns, small] as const;
    const filterShape = [size, size, large, small] as const;
    const [larger, smaller, filter] = [largeShape, smallShape, filterShape].map((shape, seed) =>
      pattern(tf.util.sizeFromShape([...shape]), seed + 1),
    );
    // What a convolution makes of the larger image, with the smaller one as its gradient; the transposed one does the reverse.
    const info = tf.backend_util.computeConv2DInfo([...largeShape], [...filterShape], size, 1, "valid");
    const want = convolveInLoops(info, larger, filter, smaller);
    const title = `${size}x${size}, ${large} and ${small} channels, ${batch}x${rows}x${columns}`;

    test(`${title}: values and gradients`, () => {
      checked(convolveBlocks, [larger, largeShape], [filter, filterShape], small, [smaller, smallShape], {
        y: want.y,
        dx: want.dx,
        dFilter: want.dFilter,
      });
    });
    test(`${title}, transposed: values and gradients`, () => {
      checked(enlargeBlocks, [smaller, smallShape], [filter, filterShape], large, [larger, largeShape], {
        y: want.dx,
        dx: want.y,
        dFilter: want.dFilter,
      });
    });
  }
});

type Given = readonly [values: Float32Array, shape: readonly [number, number, number, number]];

/** Compares values, and gradients of `sum(upstream * y)`, with what is wanted before the bias. */
function checked(
  convolve: typeof convolveBlocks,
  x: Given,
  filter: Given,
  channels: number,
  upstream: Given,
  want: ReturnType<typeof convolveInLoops>,
): void {
  leavingNoTensors(() =>
    tf.tidy(() => {
      const bias = pattern(channels, 9);
      const inputs = [tf.tensor4d(x[0], [...x[1]]), tf.tensor4d(filter[0], [...filter[1]]), tf.tensor1d(bias)] as const;
      const weights = tf.tensor4d(upstream[0], [...upstream[1]]);
      assertClose(
        convolve(...inputs).dataSync(),
        want.y.map((value, index) => value + bias[index % channels]),
        2e-6,
        "y",
      );
      const loss = (images: tf.Tensor, kernel: tf.Tensor, added: tf.Tensor) =>
        tf.sum(tf.mul(convolve(images as tf.Tensor4D, kernel as tf.Tensor4D, added as tf.Tensor1D), weights));
      const [dx, dFilter, dBias] = tf.grads(loss)([...inputs]);
      assertClose(dx.dataSync(), want.dx, 2e-6, "gradient in x");
      assertClose(dFilter.dataSync(), want.dFilter, 3e-6, "gradient in the filter");
      const sums = new Float64Array(channels);
      upstream[0].forEach((value, index) => (sums[index % channels] += value));
      assertClose(dBias.dataSync(), sums, 3e-6, "gradient in the bias");
    }),
  );
}
