import { z } from "zod";
import { defineTraining } from "../contract";
import { diceOfOtherAppearance, drawAppearance } from "../parts/appearance";

/**
 * BigAug (Zhang et al., TMI 2020), its six changes of appearance one after the other: blur, sharpening, noise, brightness, gamma and
 * contrast. Its rotation, scaling and deformation are left out, since FedAvg and the methods beside it train without any.
 */
export const bigAug = defineTraining({
  id: "bigaug",
  title: "FedAvg with BigAug",
  citation:
    "Zhang et al., Generalizing Deep Learning for Medical Image Segmentation to Unseen Domains via Deep Stacked Transformation, IEEE TMI 2020",
  params: z.strictObject({
    p: z.number().min(0).max(1).default(0.5).describe("p: how often an image is changed, for each change by itself"),
  }),
  client: {
    round: async ({ received, params: { p }, train }) => ({
      send: await train({
        model: { start: received.model, recipe: { loss: diceOfOtherAppearance, draws: drawAppearance(p) } },
      }),
    }),
  },
});
