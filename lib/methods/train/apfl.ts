import { z } from "zod";
import { lerp, overlay, weightedMean } from "../../core/state";
import { defineInside } from "../contract";

/**
 * APFL (Deng et al., 2020, Alg. 1) with a fixed alpha: every client trains the shared model w, and its own v inside the mixture
 * alpha v + (1 - alpha) w, which predicts for the client. Statistics of the mixture's forward passes are kept with v.
 */
export const apfl = defineInside({
  id: "apfl",
  title: "APFL",
  citation: "Deng et al., Adaptive Personalized Federated Learning, arXiv:2003.13461, 2020",
  params: z.strictObject({
    alpha: z.number().min(0).max(1).default(0.5).describe("alpha: share of the client's own model in the mixture"),
  }),
  start: (global) => ({ own: global, mixture: global }),
  async local({ global, client, params, trainMixture }) {
    const { own, shared } = await trainMixture(client.own, global, params.alpha);
    const mixture = overlay(own, lerp(own, shared, params.alpha), ({ kind }) => kind === "weight");
    return { upload: shared, client: { own, mixture } };
  },
  aggregate: weightedMean,
  predictWith: (client) => client.mixture,
});
