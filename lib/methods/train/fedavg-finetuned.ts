import { z } from "zod";
import { defineTraining } from "../contract";
import { tuned, tuningEpochs } from "../parts/tuning";

/** FedAvg, and behind the last round every client goes on from the global model on its own slices. */
export const fedavgFinetuned = defineTraining({
  id: "fedavg-finetuned",
  title: "FedAvg + fine-tuning",
  citation: "control: Wang et al., Federated Evaluation of On-device Personalization, arXiv:1910.10252, 2019",
  params: z.strictObject({
    epochs: tuningEpochs(10, "PFLlib: 10"),
    rate: z.number().min(0).default(1e-4).describe("eta: learning rate meanwhile; FedDP's scripts: 1e-4"),
  }),
  client: {
    round: async ({ received, train }) => ({ send: await train({ model: { start: received.model } }) }),
    finish: (context) => tuned(context),
    predict: ({ kept, received }) => kept.personal ?? received.model,
  },
});
