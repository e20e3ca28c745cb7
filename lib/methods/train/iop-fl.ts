import { z } from "zod";
import { lerp } from "../../core/state";
import { defineTraining } from "../contract";

/**
 * IOP-FL, inside personalisation (Jiang et al., TMI 2023; official federated/client.py): FedAvg, and beside it every client keeps
 * an exponential average of its own models right after local training. It costs no communication and no backward pass.
 */
export const iopFl = defineTraining({
  id: "iop-fl",
  title: "IOP-FL (inside)",
  citation:
    "Jiang et al., IOP-FL: Inside-Outside Personalization for Federated Medical Image Segmentation, IEEE TMI 2023",
  params: z.strictObject({
    alpha: z
      .number()
      .min(0)
      .max(1)
      .default(0.1)
      .describe("alpha: share of the past in the local adapted model (official --alpha)"),
  }),
  client: {
    async round({ received, kept, params, train }) {
      const { model } = await train({ model: { start: received.model } });
      const personal = kept.personal ? lerp(kept.personal, model, params.alpha) : model;
      return { send: { model }, keep: { personal } };
    },
    predict: ({ kept, received }) => kept.personal ?? received.model,
  },
});
