import type { Tensor4D } from "@tensorflow/tfjs-core";
import { z } from "zod";
import { defineAdaptation } from "../contract";
import { statisticsWithPrior } from "../parts/passes";
import { logitsOf } from "../parts/questions";

/**
 * BN-adapt (Schneider et al., NeurIPS 2020): the global model with the statistics of each batch, of which those of training make up for
 * `prior` images. Nothing is learned and nothing is carried over: what test-time routing gains before its first step.
 */
export const bnAdapt = defineAdaptation({
  id: "bn-adapt",
  title: "BN-adapt",
  citation:
    "Schneider et al., Improving robustness against common corruptions by covariate shift adaptation, NeurIPS 2020",
  params: z.strictObject({
    prior: z
      .number()
      .nonnegative()
      .default(0)
      .describe("N: images for which the statistics of training count (16 in section 5); 0: the batch alone"),
  }),
  open({ bank, params: { prior }, slot }) {
    const pass = prior > 0 ? statisticsWithPrior(prior) : undefined;
    const network = slot({ start: bank.global, recipe: { pass } });
    return { predict: async (images) => network.ask(logitsOf, images)[0] as Tensor4D };
  },
});
