import * as tf from "@tensorflow/tfjs-core";
import { createPredictor } from "../../lib/nets/run/predictor";
import { uploadAll } from "../../lib/nets/model/parameters";
import { openSlot } from "../../lib/nets/run/slot";
import { softDice } from "../../lib/nets/run/soft-dice";
import { unet } from "../../lib/nets/model/unet";
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
    for (const [statistics, key] of [
      ["batch", "logits_train"],
      ["running", "logits_eval"],
    ] as const) {
      const logits = tf.tidy(() => unet(shape).apply(parameters, input, { statistics }, []).logits);
      await expect(`logits with ${statistics} statistics`, key, logits);
    }
    tf.dispose([...parameters.values()]);
    const predictor = createPredictor(shape, state);
    await expect("logits of the folded network", "logits_eval", predictor.predict(input));
    predictor.dispose();

    // A learning rate of 0 leaves the weights alone and moves the running statistics as one forward pass does.
    const optimiser = { kind: "sgd", learningRate: 0 } as const;
    const slot = openSlot({ model: unet(shape), start: state, recipe: { loss: softDice }, optimiser });
    await slot.step({ batch: { images: input, masks: masks(golden.tensor("mask")) } });
    const after = await slot.state();
    slot.dispose();
    const { got, want } = besideStored(golden, after, "after/");
    golden.compare("running statistics after one pass", got, want, "after");
    const updated = createPredictor(shape, after);
    await expect("logits after the update", "logits_eval_after_update", updated.predict(input));
    updated.dispose();
  },
};
