import { z } from "zod";
import { where } from "../../core/where";
import { defineAdaptation } from "../contract";
import { meanEntropy } from "../parts/entropy";
import { following, protocolParams } from "../parts/following";

/**
 * TENT (Wang et al., ICLR 2021): scale and offset of the normalisations descend the entropy of what the network predicts, with the
 * statistics of the batch (DequanWang/tent e9e926a, which predicts from before the step; IOP-FL and DLTTA score it behind the step).
 */
export const tent = defineAdaptation({
  id: "tent",
  title: "TENT",
  citation: "Wang et al., Tent: Fully Test-Time Adaptation by Entropy Minimization, ICLR 2021",
  params: z.strictObject({
    learningRate: z.number().nonnegative().default(1e-3).describe("eta: learning rate of Adam (tent.py)"),
    ...protocolParams({ predicts: "before", source: "published: before (tent.py)", epochs: "1" }),
  }),
  open({ bank, params: { learningRate, ...protocol }, slot }) {
    const optimiser = { kind: "adam", learningRate } as const;
    const network = slot({ start: bank.global, recipe: { loss: meanEntropy, trains: where.normAffine, optimiser } });
    return following(network, protocol, { terms: ["entropy"] });
  },
});
