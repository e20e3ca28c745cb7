import { z } from "zod";
import { weightedMean } from "../../core/state";
import { defineInside } from "../contract";

/** FedProx (Li et al., MLSys 2020, Alg. 2): FedAvg whose local objective is F_k(w) + mu/2 ||w - w^t||^2, over the trained weights. */
export const fedprox = defineInside({
  id: "fedprox",
  title: "FedProx",
  citation: "Li et al., Federated Optimization in Heterogeneous Networks, MLSys 2020",
  params: z.strictObject({
    mu: z.number().min(0).default(0.01).describe("mu: strength of the pull towards the received model"),
  }),
  start: () => ({}),
  local: async ({ global, params, train }) => ({
    upload: await train(global, { proximal: { to: global, strength: params.mu } }),
    client: {},
  }),
  aggregate: weightedMean,
  predictWith: (_client, global) => global,
});
