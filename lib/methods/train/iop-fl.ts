import { z } from "zod";
import { lerp, weightedMean } from "../../core/state";
import { defineInside } from "../contract";

/**
 * IOP-FL, inside personalisation (Jiang et al., TMI 2023; official federated/client.py): FedAvg, and beside it every client keeps
 * an exponential average of its own models right after local training. It costs no communication and no backward pass.
 */
export const iopFl = defineInside({
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
  start: () => ({}),
  async local({ global, client, params, train }) {
    const trained = await train(global);
    const personal = client.personal ? lerp(client.personal, trained, params.alpha) : trained;
    return { upload: trained, client: { personal } };
  },
  aggregate: weightedMean,
  predictWith: (client, global) => client.personal ?? global,
});
