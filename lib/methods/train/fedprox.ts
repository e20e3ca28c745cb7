import { z } from "zod";
import { defineTraining } from "../contract";
import { pull } from "../parts/directions";

/** FedProx (Li et al., MLSys 2020, Alg. 2): FedAvg whose local objective is F_k(w) + mu/2 ||w - w^t||^2, over the trained weights. */
export const fedprox = defineTraining({
  id: "fedprox",
  title: "FedProx",
  citation: "Li et al., Federated Optimization in Heterogeneous Networks, MLSys 2020",
  params: z.strictObject({
    mu: z.number().min(0).default(0.01).describe("mu: strength of the pull towards the received model"),
  }),
  client: {
    round: async ({ received: { model }, params, train }) => ({
      send: await train({ model: { start: model, recipe: { direction: pull(model, params.mu) } } }),
    }),
  },
});
