import { z } from "zod";
import { defineTraining } from "../contract";
import { pull } from "../parts/directions";

/**
 * Ditto (Li et al., ICML 2021, Alg. 1): FedAvg, and beside it every client trains a personal model v_k on
 * F_k(v_k) + lambda/2 ||v_k - w^t||^2, held near the global model as it was received.
 */
export const ditto = defineTraining({
  id: "ditto",
  title: "Ditto",
  citation: "Li et al., Ditto: Fair and Robust Federated Learning Through Personalization, ICML 2021",
  params: z.strictObject({
    lambda: z
      .number()
      .min(0)
      .default(0.1)
      .describe("lambda: how strongly personal models are held near the global one"),
  }),
  client: {
    start: (start) => ({ personal: start }),
    async round({ received, kept, params, train }) {
      const { model, personal } = await train({
        personal: { start: kept.personal, recipe: { direction: pull(received.model, params.lambda) } },
        model: { start: received.model },
      });
      return { send: { model }, keep: { personal } };
    },
    predict: ({ kept }) => kept.personal,
  },
});
