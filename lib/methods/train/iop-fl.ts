import { z } from "zod";
import { lerp } from "../../core/state";
import { defineTraining } from "../contract";
import { sharingStorage } from "../parts/shared-storage";

/**
 * IOP-FL, inside personalisation (Jiang et al., TMI 2023; official federated/client.py): FedAvg, and beside it every client keeps
 * an exponential average of its own models right after local training. It costs no communication and no backward pass.
 */
const intended = defineTraining({
  id: "iop-fl",
  title: "IOP-FL (inside)",
  citation:
    "Jiang et al., IOP-FL: Inside-Outside Personalization for Federated Medical Image Segmentation, IEEE TMI 2023",
  params: z.strictObject({
    reading: z
      .enum(["published", "intended"])
      .default("intended")
      .describe("where the average starts: as the released loop computes it, or at the client's first own model"),
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

/** The same, with the start of the averages as a named setting. */
export const iopFl = sharingStorage(intended);
