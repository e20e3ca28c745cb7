import { z } from "zod";
import { createPredictor } from "../../nets/run/predictor";
import { defineAdaptation } from "../contract";

/** No adaptation: the global model with its running statistics, in one pass. */
export const globalModel = defineAdaptation({
  id: "global",
  title: "Global model",
  citation: "control: no adaptation",
  params: z.strictObject({}),
  open({ bank }) {
    const predictor = createPredictor(bank.shape, bank.global);
    return { predict: async (images) => predictor.predict(images), dispose: () => predictor.dispose() };
  },
});
