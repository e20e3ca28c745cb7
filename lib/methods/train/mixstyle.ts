import { z } from "zod";
import { defineTraining } from "../contract";
import { drawStyles, mixedPass } from "../parts/styles";

/**
 * MixStyle (Zhou et al., ICLR 2021): in training, means and deviations of shallow feature maps are mixed between images, so that the
 * network does not rely on a scanner's style. A federation that is meant for sites outside (KaiyangZhou/mixstyle-release 16f7cf1).
 */
export const mixStyle = defineTraining({
  id: "mixstyle",
  title: "FedAvg with MixStyle",
  citation: "Zhou et al., Domain Generalization with MixStyle, ICLR 2021",
  params: z.strictObject({
    p: z.number().min(0).max(1).default(0.5).describe("p: how often a batch is mixed"),
    alpha: z.number().positive().max(1).default(0.1).describe("alpha: lambda is drawn from Beta(alpha, alpha)"),
  }),
  client: {
    round: async ({ received, params: { p, alpha }, train }) => ({
      send: await train({
        model: {
          start: received.model,
          recipe: { pass: mixedPass, draws: (random, [batch]) => drawStyles(batch, p, alpha, random) },
        },
      }),
    }),
  },
});
