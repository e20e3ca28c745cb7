/** BigAug's changes of shape against what is known without interpolating, and against lines, which bilinear interpolation takes exactly. */
import * as tf from "@tensorflow/tfjs-core";
import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../../../lib/core/random";
import { bentBy, drawBend } from "../../../lib/methods/parts/bend";
import { drawShapes, reshaped, reshapedTruth, uploadShapes, type Shaped } from "../../../lib/methods/parts/other-shape";
import { turn, uploadMoves } from "../../../lib/nets/model/transforms";
import { leavingNoTensors, onEveryEngine, pattern } from "../../engine/engines";

const still: Shaped = { turn: 0, scale: 1 };
const values = (x: tf.Tensor) => Array.from(x.dataSync());

function near(actual: readonly number[], expected: readonly number[], within: number) {
  assert.equal(actual.length, expected.length);
  actual.forEach((value, i) =>
    assert.ok(Math.abs(value - expected[i]) <= within, `${i}: ${value}, not ${expected[i]}`),
  );
}

/** A picture that is a line in both directions, and what is asked of it at a place. */
const slope = (side: number, at: (row: number, column: number) => readonly [number, number]) =>
  Array.from({ length: side * side }, (_, i) => {
    const [row, column] = at(Math.floor(i / side), i % side);
    return 0.25 + 0.125 * row - 0.0625 * column;
  });

onEveryEngine("changes of shape", ["tensorflow", "wasm", "cpu"], () => {
  const changed = (image: tf.Tensor4D, shapes: readonly Shaped[]) => reshaped(image, uploadShapes(image.shape, shapes));

  test("nothing is changed by no change; a quarter is that of the moves; masks follow", () => {
    leavingNoTensors(() =>
      tf.tidy(() => {
        const images = tf.tensor4d(pattern(2 * 6 * 6 * 3), [2, 6, 6, 3]);
        assert.deepEqual(values(changed(images, [still, still])), values(images));
        const quarters = uploadMoves(
          images.shape,
          [1, 0].map((count) => ({ flip: false, quarters: count })),
        );
        const shapes = uploadShapes(images.shape, [{ turn: 90, scale: 1 }, still]);
        near(values(reshaped(images, shapes)), values(turn(images, quarters)), 1e-6);
        assert.deepEqual(values(reshapedTruth(images, shapes)), values(turn(images, quarters)));
      }),
    );
  });

  test("twice as large, a picture shows its middle; half as large, its mirror images around it", () => {
    tf.tidy(() => {
      const line = tf.tensor4d([0, 1, 2, 3, 4, 5, 6, 7], [1, 1, 8, 1]);
      near(values(changed(line, [{ turn: 0, scale: 2 }])), [1.75, 2.25, 2.75, 3.25, 3.75, 4.25, 4.75, 5.25], 1e-6);
      const doubled = values(changed(line, [{ turn: 0, scale: 0.5 }]));
      near(doubled, [2.5, 0.5, 0.5, 2.5, 4.5, 6.5, 6.5, 4.5], 1e-6);
    });
  });

  test("a turned, scaled and bent slope is the slope at the places that the pixels come from", () => {
    tf.tidy(() => {
      const side = 17;
      const picture = tf.tensor4d(
        slope(side, (row, column) => [row, column]),
        [1, side, side, 1],
      );
      const by = drawBend(createRandom("bend"));
      const moves = bentBy(by, [side, side]);
      const shape = { turn: 20, scale: 1.6, bend: by };
      const [cosine, sine] = [Math.cos(Math.PI / 9), Math.sin(Math.PI / 9)];
      const expected = slope(side, (row, column) => {
        const [down, right] = [(row - 8) / 1.6, (column - 8) / 1.6];
        const [bentDown, bentRight] = [moves.down[row * side + column], moves.right[row * side + column]];
        return [
          8 + cosine * down + sine * right + bentDown * side,
          8 - sine * down + cosine * right + bentRight * side,
        ];
      });
      near(values(changed(picture, [shape])), expected, 1e-6);
    });
  });
});

test("a bend is next to nothing at the corners, smooth, and within its bound; equal control points move their cell by just as much", () => {
  const by = drawBend(createRandom(1));
  const furthest = 7.5 / 384;
  const alike = bentBy({ down: new Float64Array(49).fill(0.5), right: new Float64Array(49).fill(-1) }, [11, 11]);
  const everywhere = (moves: Float64Array, value: number) => moves.every((move) => Math.abs(move - value) < 1e-12);
  assert.ok(everywhere(alike.down, 0.5) && everywhere(alike.right, -1));
  const side = 101;
  for (const moves of Object.values(bentBy(by, [side, side]))) {
    for (const corner of [0, side - 1, side * (side - 1), side * side - 1])
      assert.ok(Math.abs(moves[corner]) < 0.03 * furthest);
    for (let row = 0; row < side - 1; row++) {
      const [here, next] = [row, row + 1].map((each) => moves[each * side + 50]);
      assert.ok(Math.abs(here) <= furthest);
      assert.ok(Math.abs(next - here) < 0.12 * furthest, `${row}: ${here} then ${next}`);
    }
  }
});

test("each change of each image has its probability, and the ranges are the published ones", () => {
  const drawn = drawShapes(0.5, 4000, createRandom("shapes"));
  const often = (is: (shape: Shaped) => boolean) => drawn.filter(is).length / drawn.length;
  for (const is of [
    ({ turn }: Shaped) => turn !== 0,
    ({ scale }: Shaped) => scale !== 1,
    ({ bend }: Shaped) => bend !== undefined,
  ])
    assert.ok(Math.abs(often(is) - 0.5) < 0.03);
  assert.ok(Math.abs(often(({ turn, scale, bend }) => turn === 0 && scale === 1 && !bend) - 0.125) < 0.03);
  assert.ok(drawn.every(({ turn, scale }) => Math.abs(turn) <= 20 && scale >= 0.4 && scale <= 1.6));
  assert.ok(Math.max(...drawn.map(({ turn }) => turn)) > 19.5 && Math.min(...drawn.map(({ scale }) => scale)) < 0.42);
});
