import { z } from "zod";
import { defineTraining } from "../contract";
import { diceOfStackedChanges, drawStackedChanges } from "../parts/stacked-changes";

/**
 * BigAug (Zhang et al., TMI 2020): nine changes of every image one after the other, each with probability p: blur, sharpening, noise, brightness,
 * gamma, contrast; rotation, scaling, deformation, which its mask goes through as well.
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
        model: { start: received.model, recipe: { loss: diceOfStackedChanges, draws: drawStackedChanges(p) } },
      }),
    }),
  },
});
