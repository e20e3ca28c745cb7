import * as tf from "@tensorflow/tfjs-core";
import { createPredictor } from "../../lib/nets/run/predictor";
import { uploadAll } from "../../lib/nets/model/parameters";
import { createTrainer } from "../../lib/nets/run/trainer";
import { forwardWithBatchStatistics, forwardWithRunningStatistics } from "../../lib/nets/model/unet";
import type { GoldenCheck } from "./golden-case";
import { asStored, besideStored, images, masks, shapeOf, stateOf } from "./network";

/** The forward pass in both modes, and the running statistics after one pass in train mode. */
export const check: GoldenCheck = {
  name: "unet",
  engine: true,
  async run(golden) {
    const shape = shapeOf(golden, "state/");
    const state = stateOf(golden, "state/");
    const input = images(golden.tensor("input"));
    const expect = async (label: string, key: string, logits: tf.Tensor4D) => {
      golden.compare(label, await asStored(logits), golden.tensor(key).data as Float32Array, key);
      logits.dispose();
    };

    const parameters = uploadAll(state);
    await expect(
      "logits with batch statistics",
      "logits_train",
      tf.tidy(() => forwardWithBatchStatistics(shape, parameters, input).logits),
    );
    await expect(
      "logits with running statistics",
      "logits_eval",
      forwardWithRunningStatistics(shape, parameters, input),
    );
    tf.dispose([...parameters.values()]);
    const predictor = createPredictor(shape, state);
    await expect("logits of the folded network", "logits_eval", predictor.predict(input));
    predictor.dispose();

    // A learning rate of 0 leaves the weights alone and moves the running statistics as one forward pass does.
    const trainer = createTrainer({ shape, start: state, optimiser: { kind: "sgd", learningRate: 0 } });
    await trainer.step(input, masks(golden.tensor("mask")));
    const after = await trainer.state();
    trainer.dispose();
    const { got, want } = besideStored(golden, after, "after/");
    golden.compare("running statistics after one pass", got, want, "after");
    const updated = createPredictor(shape, after);
    await expect("logits after the update", "logits_eval_after_update", updated.predict(input));
    updated.dispose();
  },
};
