import * as tf from "@tensorflow/tfjs-core";
import assert from "node:assert";
import { test } from "node:test";
import { createRandom } from "../../../lib/core/random";
import { drawTurns, turn, turnBack, uploadMoves } from "../../../lib/nets/model/transforms";
import { assertGradients, leavingNoTensors, onEveryEngine, pattern } from "../../engine/engines";

onEveryEngine("test-time moves", ["tensorflow", "wasm", "cpu"], () => {
  test("a quarter turn is counter-clockwise and a flip reverses the rows first", () => {
    leavingNoTensors(() =>
      tf.tidy(() => {
        const image = tf.tensor4d([1, 2, 3, 4], [1, 2, 2, 1]);
        const moved = (flip: boolean, quarters: number) =>
          Array.from(turn(image, uploadMoves(image.shape, [{ flip, quarters }])).dataSync());
        assert.deepStrictEqual(moved(false, 1), [2, 4, 1, 3]);
        assert.deepStrictEqual(moved(true, 0), [3, 4, 1, 2]);
        assert.deepStrictEqual(moved(true, 1), [4, 2, 3, 1]);
      }),
    );
  });

  test("what is moved and moved back is what it was", () => {
    tf.tidy(() => {
      const images = tf.tensor4d(pattern(6 * 5 * 5 * 2), [6, 5, 5, 2]);
      const moves = uploadMoves(images.shape, drawTurns(6, createRandom(2)));
      assert.deepStrictEqual(turnBack(turn(images, moves), moves).dataSync(), images.dataSync());
      const wide = tf.tensor4d(pattern(2 * 3 * 5), [2, 3, 5, 1]);
      const half = uploadMoves(wide.shape, [
        { flip: true, quarters: 2 },
        { flip: false, quarters: 2 },
      ]);
      assert.deepStrictEqual(turnBack(turn(wide, half), half).dataSync(), wide.dataSync());
      assert.throws(
        () =>
          uploadMoves(wide.shape, [
            { flip: false, quarters: 1 },
            { flip: false, quarters: 0 },
          ]),
        /3x5.*square/,
      );
    });
  });

  test("the gradient is moved back", () => {
    tf.tidy(() => {
      const moves = uploadMoves(
        [2, 3, 3, 1],
        [
          { flip: true, quarters: 1 },
          { flip: false, quarters: 3 },
        ],
      );
      assertGradients((x) => turn(x as tf.Tensor4D, moves), [tf.tensor4d(pattern(2 * 3 * 3), [2, 3, 3, 1])], 0.5, 1e-4);
    });
  });
});
