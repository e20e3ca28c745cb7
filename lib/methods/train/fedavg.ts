import { z } from "zod";
import { defineTraining } from "../contract";

/** FedAvg (McMahan et al., AISTATS 2017, Alg. 1), batch-norm statistics averaged with everything else as in the official code. */
export const fedavg = defineTraining({
  id: "fedavg",
  title: "FedAvg",
  citation: "McMahan et al., Communication-Efficient Learning of Deep Networks from Decentralized Data, AISTATS 2017",
  params: z.strictObject({}),
  client: { round: async ({ received, train }) => ({ send: await train({ model: { start: received.model } }) }) },
});
