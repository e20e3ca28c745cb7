import { z } from "zod";
import { lerp, overlay } from "../../core/state";
import { where } from "../../core/where";
import { defineTraining } from "../contract";
import { mixture } from "../parts/directions";

/**
 * APFL (Deng et al., 2020, Alg. 1) with a fixed alpha: every client trains the shared model w, and its own v inside the mixture
 * alpha v + (1 - alpha) w, which predicts for the client. Statistics of the mixture's forward passes are kept with v.
 */
export const apfl = defineTraining({
  id: "apfl",
  title: "APFL",
  citation: "Deng et al., Adaptive Personalized Federated Learning, arXiv:2003.13461, 2020",
  params: z.strictObject({
    alpha: z.number().min(0).max(1).default(0.5).describe("alpha: share of the client's own model in the mixture"),
  }),
  client: {
    start: (start) => ({ own: start, mixture: start }),
    async round({ received, kept, params: { alpha }, train }) {
      const { own, model } = await train({
        own: { start: kept.own, recipe: { direction: mixture("model", alpha) } },
        model: { start: received.model },
      });
      return { send: { model }, keep: { own, mixture: overlay(own, lerp(own, model, alpha), where.trained) } };
    },
    predict: ({ kept }) => kept.mixture,
  },
});
