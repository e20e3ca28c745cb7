import type * as tf from "@tensorflow/tfjs-core";
import { turn, turnBack, type Turn, uploadMoves } from "../../lib/nets/model/transforms";
import type { GoldenCheck } from "./golden-case";
import { asStored, images } from "./network";

/** All moves of the test-time augmentation there and back, exactly. */
export const check: GoldenCheck = {
  name: "transforms",
  engine: true,
  async run(golden) {
    const flips = golden.tensor("flip").data as Int32Array;
    const turns: Turn[] = Array.from(golden.tensor("rot").data as Int32Array, (quarters, image) => ({
      flip: flips[image] === 1,
      quarters,
    }));
    const expect = async (key: string, got: tf.Tensor4D) =>
      golden.compareWithin(key, await asStored(got), golden.tensor(key).data as Float32Array, 0);
    const input = images(golden.tensor("input"));
    const moves = uploadMoves(input.shape, turns);
    const moved = turn(input, moves);
    await expect("forward", moved);
    await expect("backward_of_forward", turnBack(moved, moves));
    await expect("backward_of_logits", turnBack(images(golden.tensor("logits")), moves));
  },
};
