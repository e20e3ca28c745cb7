import { z } from "zod";
import { createPredictor } from "../../nets/run/predictor";
import { defineOutside } from "../contract";

/** No adaptation: the global model with its running statistics, in one pass. */
export const globalModel = defineOutside({
  id: "global",
  title: "Global model",
  citation: "control: no adaptation",
  params: z.strictObject({}),
  start({ bank }) {
    const predictor = createPredictor(bank.shape, bank.global);
    return { epochs: 1, predict: async (images) => predictor.predict(images), dispose: () => predictor.dispose() };
  },
});
