import { z } from "zod";
import { weightedMean } from "../../core/state";
import { defineInside } from "../contract";

/**
 * Ditto (Li et al., ICML 2021, Alg. 1): FedAvg, and beside it every client trains a personal model v_k on
 * F_k(v_k) + lambda/2 ||v_k - w^t||^2, held near the global model as it was received.
 */
export const ditto = defineInside({
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
  passes: 2,
  start: (global) => ({ personal: global }),
  async local({ global, client, params, train }) {
    const upload = await train(global);
    const personal = await train(client.personal, { proximal: { to: global, strength: params.lambda } });
    return { upload, client: { personal } };
  },
  aggregate: weightedMean,
  predictWith: (client) => client.personal,
});
