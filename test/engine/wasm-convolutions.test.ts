import * as tf from "@tensorflow/tfjs-core";
import assert from "node:assert";
import { test } from "node:test";
import { convolveInLoops } from "./convolution-reference";
import { assertClose, onEveryEngine, pattern } from "./engines";

type Four = [number, number, number, number];
type Padding = "same" | "valid" | number;

const tensor = (shape: Four, seed: number): tf.Tensor4D =>
  tf.tensor4d(pattern(tf.util.sizeFromShape(shape), seed), shape);

/** Runs `body` and asserts that neither a tensor nor memory that a kernel worked in is left. */
function leavingNothing(body: () => void): void {
  const ids = (): number => (tf.backend() as tf.KernelBackend).numDataIds();
  const start = ids();
  tf.tidy(body);
  assert.strictEqual(ids(), start, "memory was left behind");
}

/** Batch, height, width, input channels; filter; stride; padding. */
const cases: [image: Four, filter: [number, number, number], stride: number | [number, number], pad: Padding][] = [
  ...[1, 2, 3, 5, 8, 16, 33].map((channels, index): (typeof cases)[number] => [
    [1 + 7 * (index % 2), 7, 5, channels],
    [3, 3, 34 - channels],
    1,
    "same",
  ]),
  [[8, 4, 4, 40], [3, 3, 48], 1, "same"],
  [[1, 1, 1, 3], [3, 3, 2], 1, "same"],
  [[2, 130, 3, 4], [3, 3, 8], 1, "same"],
  [[1, 3, 150, 5], [3, 3, 2], 1, "same"],
  [[1, 20, 17, 3], [3, 3, 20], 1, "same"],
  [[3, 6, 7, 8], [1, 1, 2], 1, "same"],
  [[2, 7, 6, 3], [3, 3, 9], 1, "valid"],
  [[2, 5, 6, 4], [3, 3, 5], 1, 2],
  [[2, 5, 6, 2], [2, 4, 3], 1, "same"],
  [[2, 6, 8, 5], [2, 2, 3], 2, "valid"],
  [[8, 6, 4, 16], [2, 2, 33], 2, "same"],
  [[2, 6, 9, 4], [2, 3, 12], [2, 3], "valid"],
  [[2, 7, 5, 3], [3, 3, 4], 2, "same"],
  [[1, 7, 9, 2], [3, 5, 8], [3, 2], 1],
  [[1, 6, 7, 2], [1, 1, 3], 2, "valid"],
];

onEveryEngine("convolutions", ["wasm"], () => {
  for (const [image, [height, width, outputs], stride, pad] of cases) {
    test(`${image.join("x")} by ${height}x${width}x${outputs}, stride ${stride}, pad ${pad}: as loops in float64`, () => {
      leavingNothing(() => {
        const shape: Four = [height, width, image[3], outputs];
        const info = tf.backend_util.computeConv2DInfo(image, shape, stride, 1, pad);
        const [x, filter, dy] = [tensor(image, 1), tensor(shape, 2), tensor(info.outShape, 3)];
        const want = convolveInLoops(info, x.dataSync(), filter.dataSync(), dy.dataSync());
        const convolve = (a: tf.Tensor, b: tf.Tensor) => tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, stride, pad);
        const {
          value,
          grads: [dx, dFilter],
        } = tf.valueAndGrads(convolve)([x, filter], dy);
        assertClose(value.dataSync(), want.y, 1e-6, "y");
        assertClose(dx.dataSync(), want.dx, 1e-6, "dx");
        assertClose(dFilter.dataSync(), want.dFilter, 1e-6, "dFilter");
      });
    });
  }

  for (const activation of ["linear", "relu"] as const) {
    test(`a convolution with bias and ${activation} in one`, () => {
      leavingNothing(() => {
        const info = tf.backend_util.computeConv2DInfo([2, 5, 7, 3], [3, 3, 3, 10], 1, 1, "same");
        const [x, filter, bias] = [tensor(info.inShape, 1), tensor(info.filterShape, 2), tf.tensor1d(pattern(10, 3))];
        const { y } = convolveInLoops(
          info,
          x.dataSync(),
          filter.dataSync(),
          new Float64Array(tf.util.sizeFromShape(info.outShape)),
        );
        const want = y
          .map((value, i) => value + bias.dataSync()[i % 10])
          .map((value) => (activation === "relu" ? Math.max(0, value) : value));
        assertClose(tf.fused.conv2d({ x, filter, strides: 1, pad: "same", bias, activation }).dataSync(), want, 1e-6);
      });
    });
  }

  test("what our kernel does not do is left to the back end's: dilation, other activations", () => {
    leavingNothing(() => {
      const [x, filter] = [tensor([1, 7, 6, 3], 1), tensor([2, 2, 3, 4], 2)];
      const rows = tf.split(filter, 2, 0).map((row) => tf.split(row as tf.Tensor4D, 2, 1) as tf.Tensor4D[]);
      const spread = ([a, b]: tf.Tensor4D[]): tf.Tensor4D => tf.concat([a, tf.zerosLike(a), b], 1);
      const [upper, lower] = [spread(rows[0]), spread(rows[1])];
      const wide = tf.concat([upper, tf.zerosLike(upper), lower], 0);
      assertClose(
        tf.conv2d(x, filter, 1, "valid", "NHWC", 2).dataSync(),
        tf.conv2d(x, wide, 1, "valid").dataSync(),
        1e-6,
      );
      const sixth = tf.fused.conv2d({ x, filter, strides: 1, pad: "same", activation: "relu6" });
      assertClose(sixth.dataSync(), tf.clipByValue(tf.conv2d(x, filter, 1, "same"), 0, 6).dataSync(), 1e-6);
    });
  });

  test("results stay right when the memory grows", () => {
    leavingNothing(() => {
      const [x, filter] = [tensor([1, 6, 6, 3], 1), tensor([3, 3, 3, 5], 2)];
      const before = tf.conv2d(x, filter, 1, "same").dataSync();
      const large = tf.zeros([64, 256, 256]);
      assert.deepStrictEqual(tf.conv2d(x, filter, 1, "same").dataSync(), before);
      assert.strictEqual(tf.max(large).dataSync()[0], 0, "a kernel wrote where it should not");
    });
  });
});
