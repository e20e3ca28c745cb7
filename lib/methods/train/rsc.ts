import { z } from "zod";
import { defineTraining } from "../contract";
import { challengedDice, drawCoin } from "../parts/challenge";

/**
 * RSC (Huang et al., ECCV 2020): what the bottleneck relies on most is muted in the images that miss it most, so that clients learn from the
 * rest (DeLightCMU/RSC bf6d280: a Grad-CAM-like score, not the raw gradient; the flips that double a batch there are left out).
 */
export const rsc = defineTraining({
  id: "rsc",
  title: "FedAvg with RSC",
  citation: "Huang et al., Self-Challenging Improves Cross-Domain Generalization, ECCV 2020",
  params: z.strictObject({
    share: z.number().min(0).max(1).default(0.3).describe("share of a batch's images that may be muted in, at first"),
    growth: z.number().min(0).max(1).default(0.2).describe("what it grows by, added every 10 epochs"),
  }),
  client: {
    async round({ received, round, localEpochs, params: { share, growth }, train }) {
      const portion = Math.min(1, share + growth * Math.floor(((round - 1) * localEpochs) / 10));
      const recipe = { loss: challengedDice(portion), draws: drawCoin };
      return { send: await train({ model: { start: received.model, recipe } }) };
    },
  },
});
